import { AppError } from '@emporium/errors';
import { liveJobs } from '@emporium/jobs';
import { Postgres } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import { advanceKey, compensationKey } from '../checkout/checkout.jobs.ts';
import { type Disagreement, disagreements, type OrderFacts, type Views } from './disagreement.ts';
import { FindingService, type Observation } from './finding.service.ts';
import { OrderFactsRepository } from './order-facts.repository.ts';
import { PaymentBooksClient, type PaymentComparison, type Told } from './payment-books.client.ts';
import { ProductBooksClient, type Reservations } from './product-books.client.ts';
import type { Part } from './run.ts';

/** Whether the provider's word is to be had; once it is not, the rest of the run goes without. */
export interface ProviderWord {
  available: boolean;
  problem: string | null;
}

interface Scope {
  readonly runId: string;
  readonly until: Date;
  readonly provider: ProviderWord;
}

/** What the payment service finds in its own books alone. */
const withoutProvider = new Set(['ledger-differs', 'payment-stuck', 'refund-stuck']);

/** Looks at some hundred orders from three sides at once, and has the findings kept. */
@Injectable()
export class OrderComparisonService {
  constructor(
    private readonly postgres: Postgres,
    private readonly orders: OrderFactsRepository,
    private readonly payments: PaymentBooksClient,
    private readonly products: ProductBooksClient,
    private readonly findings: FindingService,
  ) {}

  /** Returns how many were compared; what changed at or after `until` is left to the next run. */
  async compare(orderIds: readonly string[], scope: Scope): Promise<number> {
    const [facts, money, units] = await Promise.all([
      this.orders.of(this.postgres, orderIds),
      this.money(orderIds, scope),
      this.products.reservations(orderIds),
    ]);
    const known = new Map(facts.map((order) => [order.id, order]));
    const still = orderIds.filter((id) => !isMoving(id, { order: known.get(id), money, units }, scope.until));
    const found = await this.disagreements(still, known, money, units);
    const told = money.told.filter(({ subjectId }) => still.includes(subjectId)).map(fromPayment);

    const parts: Part[] = scope.provider.available ? ['orders', 'provider'] : ['orders'];
    await this.findings.take({ runId: scope.runId, parts, subjectIds: still }, [...(await this.withJobs(found)), ...told]);
    return still.length;
  }

  /** The payment service's side; without the provider from the moment on that it does not answer. */
  private async money(orderIds: readonly string[], { until, provider }: Scope): Promise<PaymentComparison> {
    if (!provider.available) return this.payments.compare(orderIds, { until, withProvider: false });
    try {
      return await this.payments.compare(orderIds, { until, withProvider: true });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const without = await this.payments.compare(orderIds, { until, withProvider: false });
      provider.available = false;
      provider.problem = error.code;
      return without;
    }
  }

  private async disagreements(
    orderIds: readonly string[],
    known: ReadonlyMap<string, OrderFacts>,
    money: PaymentComparison,
    { reservations, forgottenBefore }: Reservations,
  ): Promise<Disagreement[]> {
    const pending = orderIds.filter((id) => known.get(id)?.status === 'pending');
    const advancing = pending.length === 0 ? new Set<string>() : await liveJobs(this.postgres, pending.map(advanceKey));
    return orderIds.flatMap((id) => {
      const views: Views = { order: known.get(id), payment: money.payments.get(id), reservation: reservations.get(id) };
      return disagreements(id, views, {
        now: new Date(),
        forgottenBefore,
        // It has a job, or is to get one.
        advances: advancing.has(advanceKey(id)) || (views.order?.recoverAt ?? null) !== null,
      });
    });
  }

  /** A job that undoes an order may be at it already. */
  private async withJobs(found: readonly Disagreement[]): Promise<Observation[]> {
    const undoing = found.filter(({ repair }) => repair === 'compensate').map(({ subjectId }) => compensationKey(subjectId));
    const live = undoing.length === 0 ? new Set<string>() : await liveJobs(this.postgres, undoing);
    return found.map((each) => ({ ...each, repaired: false, busy: live.has(compensationKey(each.subjectId)) }));
  }
}

const fromPayment = (told: Told): Observation => ({
  ...told,
  part: withoutProvider.has(told.kind) ? 'orders' : 'provider',
  busy: false,
});

function isMoving(
  id: string,
  { order, money, units }: { order: OrderFacts | undefined; money: PaymentComparison; units: Reservations },
  until: Date,
): boolean {
  const reservation = units.reservations.get(id);
  return (
    money.moving.has(id) ||
    (order !== undefined && order.updatedAt >= until) ||
    (reservation !== undefined && reservation.updatedAt >= until)
  );
}
