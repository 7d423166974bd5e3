import { Postgres } from '@emporium/postgres';
import { CONFIG } from '@emporium/service-defaults';
import { Inject, Injectable } from '@nestjs/common';
import type { ProductConfig } from '../config.ts';
import { ReservationService } from '../reservations/reservation.service.ts';
import { type Position, ReconciliationRepository, type StandingReservation, type Window } from './reconciliation.repository.ts';
import { disagreements, type StockBooks } from './stock-books.ts';

const pageSize = 500;

/** The clock releases every minute; five times that is no delay any more. */
const overdueMs = 5 * 60_000;
const overdueBatch = 200;

export interface StockDifference {
  readonly productId: string;
  readonly details: Readonly<Record<string, number>>;
}

/** What a run of the order service compares: reservations with orders, and the books of stock with the rows they are made of. */
@Injectable()
export class ReconciliationService {
  constructor(
    private readonly postgres: Postgres,
    private readonly repository: ReconciliationRepository,
    private readonly reservationService: ReservationService,
    @Inject(CONFIG) private readonly settings: Pick<ProductConfig, 'committedReservationsKeptMs'>,
  ) {}

  async moved(window: Window, after?: Position) {
    const found = await this.repository.moved(this.postgres, window, pageSize, after);
    const last = found.length === pageSize ? found.at(-1) : undefined;
    return {
      orderIds: found.map(({ orderId }) => orderId),
      productIds: [...new Set(found.flatMap(({ productIds }) => productIds))],
      next: last && { at: last.updatedAt, id: last.orderId },
    };
  }

  /** Of sales made before `forgottenBefore` there may be no reservation any more. */
  async reservations(orderIds: readonly string[]): Promise<{ reservations: StandingReservation[]; forgottenBefore: Date }> {
    const forgottenBefore = new Date(Date.now() - this.settings.committedReservationsKeptMs);
    return { reservations: await this.repository.reservations(this.postgres, orderIds), forgottenBefore };
  }

  async differences(productIds: readonly string[]): Promise<StockDifference[]> {
    const books: StockBooks[] = await this.repository.books(this.postgres, productIds);
    return books.flatMap((each) => {
      const details = disagreements(each);
      return Object.keys(details).length === 0 ? [] : [{ productId: each.productId, details }];
    });
  }

  /** Releases what the clock should have released; says of each order whether it holds nothing now. */
  async releaseOverdue(): Promise<{ orderId: string; released: boolean }[]> {
    const overdue = await this.repository.overdue(this.postgres, overdueMs, overdueBatch);
    if (overdue.length === 0) return [];
    await this.reservationService.expire();
    const standing = await this.repository.reservations(this.postgres, overdue);
    const held = new Set(standing.filter(({ status }) => status === 'reserved').map(({ orderId }) => orderId));
    return overdue.map((orderId) => ({ orderId, released: !held.has(orderId) }));
  }
}
