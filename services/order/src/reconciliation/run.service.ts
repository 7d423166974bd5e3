import { randomUUID } from 'node:crypto';
import { AppError } from '@emporium/errors';
import { Postgres } from '@emporium/postgres';
import { LOGGER } from '@emporium/service-defaults';
import type { Logger } from '@emporium/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import { OrderComparisonService, type ProviderWord } from './order-comparison.service.ts';
import { OrderWalkService } from './order-walk.service.ts';
import { PaymentBooksClient } from './payment-books.client.ts';
import { reconciliationMetrics } from './reconciliation.metrics.ts';
import { RunRepository } from './run.repository.ts';
import { coverage, type Part, type PartResult, type Run, type Window } from './run.ts';
import { StockComparisonService } from './stock-comparison.service.ts';

/** Renewed before every step; no step takes that long, because its calls end before. */
const leaseMs = 45_000;

/** The provider's clock is not ours, and what it says of a moment may be a little late. */
const statementOverlapMs = 2 * 60_000;

/** Called between two steps: counts, and raises when the run must not go on here. */
type Onward = (compared: number) => Promise<void>;

/** One run from beginning to end. It may be given up at any point and begun anew by anybody: every step can be repeated. */
@Injectable()
export class RunService {
  constructor(
    private readonly postgres: Postgres,
    private readonly runs: RunRepository,
    private readonly payments: PaymentBooksClient,
    private readonly walk: OrderWalkService,
    private readonly orders: OrderComparisonService,
    private readonly stock: StockComparisonService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Returns false while another process is at it. Raises when told to stop; the run is then free for the next. */
  async execute(runId: string, signal: AbortSignal): Promise<boolean> {
    const holder = randomUUID();
    const run = await this.runs.lease(this.postgres, runId, holder, leaseMs);
    if (run === undefined) return (await this.runs.unfinished(this.postgres))?.id !== runId;
    const startedAt = performance.now();
    try {
      const parts = await this.compare(run, () => this.mayGoOn(runId, holder, signal));
      await this.finish(run, holder, parts);
      const outcome = parts.every(({ status }) => status === 'succeeded') ? 'succeeded' : 'failed';
      reconciliationMetrics.ended(outcome, (performance.now() - startedAt) / 1_000);
      this.logger.info('reconciliation ended', { runId, outcome, since: run.since, until: run.until, parts });
      return true;
    } catch (error) {
      if (signal.aborted) await this.runs.lease(this.postgres, runId, holder, 0);
      if (error instanceof TakenOver) return false;
      throw error;
    }
  }

  private async compare(run: Run, mayGoOn: () => Promise<void>): Promise<PartResult[]> {
    const provider: ProviderWord = { available: true, problem: null };
    const statement = await this.part('provider', mayGoOn, (onward) => this.takeStatement(run, onward));
    if (statement.status === 'failed') Object.assign(provider, { available: false, problem: statement.problem });
    const orders = await this.part('orders', mayGoOn, async (onward) => {
      for await (const orderIds of this.walk.all(run.id, run)) {
        await onward(await this.orders.compare(orderIds, { runId: run.id, until: run.until, provider }));
      }
    });
    const stock = await this.part('stock', mayGoOn, (onward) => this.stock.compare(run.id, run, onward));
    const heard = provider.available ? statement : { ...statement, status: 'failed' as const, problem: provider.problem };
    return [heard, orders, stock];
  }

  private async takeStatement({ since, until }: Window, onward: Onward): Promise<void> {
    const window = { since: new Date(since.getTime() - statementOverlapMs), until };
    for (const list of ['charges', 'refunds'] as const) {
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page = await this.payments.takeStatement(list, window, cursor);
        cursor = page.nextCursor;
        await onward(page.taken);
      }
    }
  }

  /** A part that fails does not keep the others from being compared. */
  private async part(part: Part, mayGoOn: () => Promise<void>, work: (onward: Onward) => Promise<void>): Promise<PartResult> {
    let compared = 0;
    try {
      await mayGoOn();
      await work(async (more) => {
        compared += more;
        await mayGoOn();
      });
      return { part, status: 'succeeded', compared, problem: null };
    } catch (error) {
      if (error instanceof TakenOver || error instanceof Stopped) throw error;
      const foreseen = error instanceof AppError;
      this.logger.log(foreseen ? 'warn' : 'error', 'a part of the books could not be compared', { part, error });
      return { part, status: 'failed', compared, problem: foreseen ? error.code : 'internal' };
    }
  }

  private async mayGoOn(runId: string, holder: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw new Stopped('The process ends; the next one begins the run anew.');
    if ((await this.runs.lease(this.postgres, runId, holder, leaseMs)) === undefined) throw new TakenOver();
  }

  private async finish(run: Run, holder: string, parts: readonly PartResult[]): Promise<void> {
    const succeeded = parts.every(({ status }) => status === 'succeeded');
    await this.postgres.transaction(async (tx) => {
      const covered = await this.runs.coveredUntil(tx);
      const coveredUntil = succeeded ? coverage(covered, run) : null;
      if (!(await this.runs.finish(tx, { id: run.id, holder, parts, coveredUntil }))) throw new TakenOver();
    });
  }
}

/** This process stood still for longer than its lease, and another one went on. */
class TakenOver extends Error {}

class Stopped extends Error {}
