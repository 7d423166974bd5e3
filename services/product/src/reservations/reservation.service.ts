import { Postgres } from '@emporium/postgres';
import { CONFIG } from '@emporium/service-defaults';
import { Inject, Injectable } from '@nestjs/common';
import type { ProductConfig } from '../config.ts';
import { ProductCache } from '../products/product.cache.ts';
import {
  outOfStock,
  reservationContended,
  reservationDiffers,
  reservationIs,
  reservationUnknown,
  stillOutOfStock,
} from './reservation.errors.ts';
import { reservationMetrics } from './reservation.metrics.ts';
import { ReservationRepository, type StepResult } from './reservation.repository.ts';
import {
  holdsNothing,
  mergeLines,
  type RecordedStatus,
  type Reservation,
  type ReservationLine,
  type StepName,
  sameLines,
  steps,
  type WantedLine,
} from './reservation.ts';

/** Each lost race means that another call got through, so a handful of tries is enough for any number of racers. */
const tries = 5;
const expiryBatch = 200;

/**
 * Puts units aside for an order, and hands them over or back. Every call may be repeated, and come late, by anyone at any time:
 * the status of the reservation decides whether it does anything.
 */
@Injectable()
export class ReservationService {
  constructor(
    private readonly postgres: Postgres,
    private readonly reservations: ReservationRepository,
    private readonly cache: ProductCache,
    @Inject(CONFIG) private readonly settings: Pick<ProductConfig, 'reservationTtlMs'>,
  ) {}

  async reserve(orderId: string, wanted: readonly WantedLine[]): Promise<Reservation> {
    const lines = mergeLines(wanted);
    for (let attempt = 0; attempt < tries; attempt += 1) {
      const result = await this.reservations.reserve(this.postgres, orderId, lines, this.settings.reservationTtlMs);
      if (result === undefined) continue;
      if (result.found !== undefined) return this.repeat(orderId, lines, result.found);
      if (result.shortages.length > 0) {
        reservationMetrics.counted('out-of-stock');
        throw outOfStock(lines, result.shortages);
      }
      reservationMetrics.counted('reserved');
      await this.cache.forget(lines.map((line) => line.productId));
      return { orderId, status: 'reserved' };
    }
    throw reservationContended(orderId);
  }

  /** The order is paid: its units are sold. */
  commit(orderId: string): Promise<Reservation> {
    return this.take(orderId, 'commit');
  }

  /** The order is taken back after all: its sold units are on hand again. */
  giveBack(orderId: string): Promise<Reservation> {
    return this.take(orderId, 'return');
  }

  /** The order will not be paid: its units are on hand again, and a reserve that comes late is refused. */
  async release(orderId: string): Promise<Reservation> {
    for (let attempt = 0; attempt < tries; attempt += 1) {
      const { moved, found } = await this.step(orderId, 'release');
      if (moved) return { orderId, status: 'released' };
      if (found !== undefined && holdsNothing(found)) return { orderId, status: found === 'returned' ? found : 'released' };
      if (found === 'committed') throw reservationIs(orderId, found);
      if (found === undefined && (await this.reservations.entomb(this.postgres, orderId))) {
        return { orderId, status: 'released' };
      }
    }
    throw reservationContended(orderId);
  }

  /** Releases what nobody finished in time; returns how many reservations that were. */
  async expire(): Promise<number> {
    for (let total = 0; ; ) {
      const { orderIds, productIds } = await this.reservations.expire(this.postgres, expiryBatch);
      await this.cache.forget(productIds);
      total += orderIds.length;
      reservationMetrics.counted('expired', orderIds.length);
      if (orderIds.length < expiryBatch) return total;
    }
  }

  private async take(orderId: string, name: 'commit' | 'return'): Promise<Reservation> {
    const { from, to } = steps[name];
    for (let attempt = 0; attempt < tries; attempt += 1) {
      const { moved, found } = await this.step(orderId, name);
      if (moved || found === to) return { orderId, status: to };
      if (found === undefined) throw reservationUnknown(orderId);
      // Found where the step begins and yet not moved: another call moved it meanwhile, and the next look tells where to.
      if (found !== from) throw reservationIs(orderId, found === 'refused' ? 'released' : found);
    }
    throw reservationContended(orderId);
  }

  private async step(orderId: string, name: StepName): Promise<StepResult> {
    const step = steps[name];
    const result = await this.reservations.take(this.postgres, orderId, step);
    if (result.moved) {
      reservationMetrics.counted(step.to);
      if (step.onHand !== 0) await this.cache.forget(result.productIds);
    }
    return result;
  }

  private async repeat(orderId: string, lines: readonly ReservationLine[], status: RecordedStatus): Promise<Reservation> {
    if (status === 'refused') throw stillOutOfStock();
    if (status === 'released' || status === 'returned') throw reservationIs(orderId, status);
    const reservation = await this.reservations.find(this.postgres, orderId);
    if (reservation === undefined || !sameLines(reservation.lines, lines)) throw reservationDiffers(orderId);
    return { orderId, status };
  }
}
