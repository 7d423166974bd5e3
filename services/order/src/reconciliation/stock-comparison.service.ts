import { Postgres } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import { FindingRepository } from './finding.repository.ts';
import { FindingService, type Observation } from './finding.service.ts';
import type { Told } from './payment-books.client.ts';
import { firstId } from './position.ts';
import { ProductBooksClient } from './product-books.client.ts';
import type { Window } from './run.ts';

/** A product that everybody buys has hundreds of thousands of sales to add up. */
const productsAtOnce = 20;
const findingsAtOnce = 500;

const overdue = 'reservation-overdue';

/** Has the books of those products compared whose units moved, and of those that differed when last looked at. */
@Injectable()
export class StockComparisonService {
  constructor(
    private readonly postgres: Postgres,
    private readonly products: ProductBooksClient,
    private readonly repository: FindingRepository,
    private readonly findings: FindingService,
  ) {}

  /** `onward` is called between two steps, with the number of products compared since the last call. */
  async compare(runId: string, window: Window, onward: (compared: number) => Promise<void>): Promise<void> {
    const known = await this.known(runId);
    const productIds = new Set(
      known.flatMap(({ subjectId, kinds }) => (kinds.some((kind) => kind !== overdue) ? [subjectId] : [])),
    );
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await this.products.movedReservations(window, cursor);
      for (const productId of page.productIds) productIds.add(productId);
      cursor = page.nextCursor;
      await onward(0);
    }
    const all = [...productIds];
    for (let from = 0; from < all.length; from += productsAtOnce) {
      const subjectIds = all.slice(from, from + productsAtOnce);
      const told = await this.products.stockDifferences(subjectIds);
      await this.findings.take({ runId, parts: ['stock'], subjectIds }, told.map(observed));
      await onward(subjectIds.length);
    }
    await this.releaseOverdue(
      runId,
      known.flatMap(({ subjectId, kinds }) => (kinds.includes(overdue) ? [subjectId] : [])),
    );
  }

  private async releaseOverdue(runId: string, known: readonly string[]): Promise<void> {
    const told = await this.products.releaseOverdue();
    const subjectIds = [...new Set([...known, ...told.map(({ subjectId }) => subjectId)])];
    await this.findings.take({ runId, parts: ['stock'], subjectIds }, told.map(observed));
  }

  private async known(runId: string): Promise<{ subjectId: string; kinds: string[] }[]> {
    const all: { subjectId: string; kinds: string[] }[] = [];
    for (let after = firstId; ; ) {
      const page = await this.repository.subjects(this.postgres, runId, ['stock'], findingsAtOnce, after);
      all.push(...page);
      const last = page.at(-1);
      if (page.length < findingsAtOnce || last === undefined) return all;
      after = last.subjectId;
    }
  }
}

const observed = (told: Told): Observation => ({ ...told, part: 'stock', busy: false });
