import { Postgres } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import { FindingRepository } from './finding.repository.ts';
import { OrderFactsRepository, type Position } from './order-facts.repository.ts';
import { PaymentBooksClient } from './payment-books.client.ts';
import { firstId } from './position.ts';
import { ProductBooksClient } from './product-books.client.ts';
import type { Window } from './run.ts';

const ordersAtOnce = 100;
const findingsAtOnce = 500;

/**
 * Which orders a run has to look at: those that changed in its window on any side, those that nobody has finished, and those that
 * disagreed when last looked at. Ids come in handfuls; an order may come twice, but one that changed in the window comes by that once.
 */
@Injectable()
export class OrderWalkService {
  constructor(
    private readonly postgres: Postgres,
    private readonly orders: OrderFactsRepository,
    private readonly payments: PaymentBooksClient,
    private readonly products: ProductBooksClient,
    private readonly findings: FindingRepository,
  ) {}

  async *all(runId: string, window: Window): AsyncGenerator<string[]> {
    yield* this.walk((after) => this.orders.changed(this.postgres, window, ordersAtOnce, after));
    yield* this.walk((after) => this.orders.pending(this.postgres, window.since, ordersAtOnce, after));
    for (const place of ['payments', 'statement', 'open'] as const) {
      yield* this.pages(window, (cursor) => this.payments.ordersWithMoney(place, window, cursor));
    }
    yield* this.pages(window, (cursor) => this.products.movedReservations(window, cursor));
    yield* this.disagreeing(runId, window);
  }

  private async *walk(page: (after: Position | undefined) => Promise<Position[]>): AsyncGenerator<string[]> {
    for (let after: Position | undefined; ; ) {
      const positions = await page(after);
      if (positions.length > 0) yield positions.map(({ id }) => id);
      if (positions.length < ordersAtOnce) return;
      after = positions.at(-1);
    }
  }

  private async *pages(
    window: Window,
    page: (cursor: string | undefined) => Promise<{ orderIds: string[]; nextCursor: string | null }>,
  ): AsyncGenerator<string[]> {
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const { orderIds, nextCursor } = await page(cursor);
      yield* this.handfuls(orderIds, window);
      cursor = nextCursor;
    }
  }

  private async *disagreeing(runId: string, window: Window): AsyncGenerator<string[]> {
    for (let after = firstId; ; ) {
      const found = await this.findings.subjects(this.postgres, runId, ['orders', 'provider'], findingsAtOnce, after);
      const ids = found.map(({ subjectId }) => subjectId);
      yield* this.handfuls(ids, window);
      const last = ids.at(-1);
      if (ids.length < findingsAtOnce || last === undefined) return;
      after = last;
    }
  }

  /** Without those that the first walk has met. */
  private async *handfuls(orderIds: readonly string[], window: Window): AsyncGenerator<string[]> {
    if (orderIds.length === 0) return;
    const left = await this.orders.outside(this.postgres, orderIds, window);
    for (let from = 0; from < left.length; from += ordersAtOnce) yield left.slice(from, from + ordersAtOnce);
  }
}
