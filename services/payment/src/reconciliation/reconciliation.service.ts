import { Postgres } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import { ProviderStatement, type StatementKind } from '../provider/statement.ts';
import { BooksRepository, type Position, type Step, type Window } from './books.repository.ts';
import { StatementRepository } from './statement.repository.ts';

/** Where the money of orders is looked for. */
export type Place = 'payments' | 'statement' | 'open';

const pageSize = 500;

/** A month of disputes and a few days. The provider is asked for a line again when a run needs an older one. */
const keepDays = 35;
const purgeBatch = 500;

/** Takes in the provider's own books, and says which orders' money moved. What follows from that is in `comparison.service.ts`. */
@Injectable()
export class ReconciliationService {
  constructor(
    private readonly postgres: Postgres,
    private readonly provider: ProviderStatement,
    private readonly statement: StatementRepository,
    private readonly books: BooksRepository,
  ) {}

  /** One page of the provider's list. `foreign`: lines about nobody we know; the account may have other users. */
  async take(
    kind: StatementKind,
    window: Window,
    after?: string,
  ): Promise<{ taken: number; foreign: number; next: string | null }> {
    const { lines, next } = await this.provider.page({ kind, ...window, after });
    // A declined charge moved nothing; a failed refund did, and back.
    const moved = lines.filter((line) => line.kind === 'refund' || line.status !== 'failed');
    const taken = moved.length === 0 ? 0 : await this.statement.take(this.postgres, moved);
    return { taken, foreign: moved.length - taken, next: next ?? null };
  }

  async orders(place: Place, window: Window, after?: Position): Promise<{ orderIds: string[]; next: Position | undefined }> {
    if (place === 'open') {
      const orderIds = await this.books.open(this.postgres, pageSize, after?.id);
      const last = orderIds.length === pageSize ? orderIds.at(-1) : undefined;
      return { orderIds, next: last === undefined ? undefined : { at: window.since, id: last } };
    }
    const walk = place === 'payments' ? this.books.payments : this.books.statement;
    const steps: Step[] = await walk.call(this.books, this.postgres, window, pageSize, after);
    const orderIds = [...new Set(steps.map(({ orderId }) => orderId))];
    return { orderIds, next: steps.length === pageSize ? steps.at(-1)?.position : undefined };
  }

  /** Forgets what no run needs any more; stops between two steps when told to. */
  async purge(signal?: AbortSignal): Promise<number> {
    for (let total = 0; ; ) {
      const purged = await this.statement.purge(this.postgres, keepDays, purgeBatch);
      total += purged;
      if (purged < purgeBatch || signal?.aborted) return total;
    }
  }
}
