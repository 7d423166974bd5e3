import { Jobs, liveJobs } from '@emporium/jobs';
import { Postgres } from '@emporium/postgres';
import { LOGGER } from '@emporium/service-defaults';
import type { Logger } from '@emporium/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import { settlePaymentKey } from '../payments/payment.ts';
import { SettlementService } from '../payments/settlement.service.ts';
import { ProviderStatement, type StatementLine } from '../provider/statement.ts';
import { RefundService } from '../refunds/refund.service.ts';
import { settleRefundKey } from '../refunds/refund.ts';
import { BooksRepository } from './books.repository.ts';
import {
  type BookedPayment,
  compare,
  type Disagreement,
  isMoving,
  type OrderBooks,
  type Repair,
  toAskAbout,
} from './comparison.ts';
import { StatementRepository } from './statement.repository.ts';

/** Questions about single charges and refunds that one call asks at a time. */
const asksAtOnce = 10;

export interface Comparison {
  readonly payments: readonly BookedPayment[];
  readonly moving: readonly string[];
  readonly found: readonly (Disagreement & { readonly repaired: boolean })[];
}

interface Scope {
  readonly until: Date;
  readonly withProvider: boolean;
}

/** Compares the money of orders on both sides, and puts right what the existing steps can: nothing here moves money by itself. */
@Injectable()
export class ComparisonService {
  constructor(
    private readonly postgres: Postgres,
    private readonly books: BooksRepository,
    private readonly statement: StatementRepository,
    private readonly provider: ProviderStatement,
    private readonly settlement: SettlementService,
    private readonly refunds: RefundService,
    private readonly jobs: Jobs,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async compare(orderIds: readonly string[], scope: Scope): Promise<Comparison> {
    const known = await this.read(orderIds);
    const moving = new Set(known.filter((books) => isMoving(books, scope.until)).map(({ orderId }) => orderId));
    const still = known.filter(({ orderId }) => !moving.has(orderId));
    const first = await this.disagreements(still, scope);

    const repaired: Disagreement[] = [];
    for (const each of first) if (each.repair !== undefined && (await this.repair(each, each.repair))) repaired.push(each);
    // A charge that was just booked may be followed by the refund that a fence ordered, or by a second charge: look again.
    const again = await this.disagreements(await this.read([...new Set(repaired.map(({ orderId }) => orderId))]), scope);
    const mended = new Set(repaired.map(({ orderId }) => orderId));
    const left = [...first.filter(({ orderId }) => !mended.has(orderId)), ...again];

    return {
      payments: still.flatMap(({ payment }) => payment ?? []),
      moving: [...moving],
      found: [
        ...repaired.map((each) => ({ ...each, repaired: true })),
        ...left.filter((each) => !repaired.some((done) => isSame(done, each))).map((each) => ({ ...each, repaired: false })),
      ],
    };
  }

  private async disagreements(books: readonly OrderBooks[], { withProvider }: Scope): Promise<Disagreement[]> {
    if (!withProvider) return books.flatMap((each) => compare(each, false));
    const asked = books.filter((each) => toAskAbout(each).length > 0);
    if (asked.length === 0) return books.flatMap((each) => compare(each, true));
    await this.ask(asked);
    const answered = await this.read(asked.map(({ orderId }) => orderId));
    const byOrder = new Map(answered.map((each) => [each.orderId, each]));
    return books.flatMap((each) => compare(byOrder.get(each.orderId) ?? each, true));
  }

  /** Asks the provider about single charges and refunds; what it does not know stays unknown. */
  private async ask(books: readonly OrderBooks[]): Promise<void> {
    const questions = books.flatMap((each) => toAskAbout(each).map((question) => ({ ...question, orderId: each.orderId })));
    for (let from = 0; from < questions.length; from += asksAtOnce) {
      const asked = questions.slice(from, from + asksAtOnce);
      const answers = await Promise.all(
        asked.map(async ({ kind, reference, orderId }): Promise<StatementLine[]> => {
          const line = await this.provider.find(kind, reference);
          return line === undefined ? [] : [{ ...line, orderId }];
        }),
      );
      const lines = answers.flat();
      if (lines.length > 0) await this.statement.take(this.postgres, lines);
    }
  }

  private async read(orderIds: readonly string[]): Promise<OrderBooks[]> {
    if (orderIds.length === 0) return [];
    const found = await this.books.of(this.postgres, orderIds);
    const keysOf = found.flatMap(({ orderId, payment, refunds }) => [
      ...(payment?.status === 'pending' ? [settlePaymentKey(orderId)] : []),
      ...refunds.filter(({ status }) => status === 'pending').map(({ id }) => settleRefundKey(id)),
    ]);
    const live = keysOf.length === 0 ? new Set<string>() : await liveJobs(this.postgres, keysOf);
    return found.map((each) => ({
      ...each,
      paymentJob: live.has(settlePaymentKey(each.orderId)) || each.payment?.attempted === true,
      refundJobs: new Set(each.refunds.filter(({ id }) => live.has(settleRefundKey(id))).map(({ id }) => id)),
    }));
  }

  /** Whether the books are right now, or somebody is at it again. */
  private async repair({ kind, orderId, reference }: Disagreement, repair: Repair): Promise<boolean> {
    const done = await this.take(orderId, repair);
    this.logger.warn('reconciliation repeats a step', { kind, orderId, reference, step: repair.step, done });
    return done;
  }

  private take(orderId: string, repair: Repair): Promise<boolean> {
    return this.postgres.transaction(async (tx) => {
      switch (repair.step) {
        case 'settle-charge': {
          const { reference, amount } = repair.charge;
          const outcome = { kind: 'succeeded', reference, amount } as const;
          const payment = await this.settlement.apply(tx, orderId, outcome, 'reconciliation');
          return payment?.providerReference === reference;
        }
        case 'settle-refund': {
          const refund = await this.refunds.find(tx, repair.refundId);
          if (refund === undefined) return false;
          const { reference, status } = repair.told;
          const failed = { kind: 'failed', reason: 'told by the statement', reference } as const;
          const settled = await this.refunds.settle(tx, refund, status === 'failed' ? failed : { kind: 'succeeded', reference });
          return settled.status === (status === 'failed' ? 'failed' : 'succeeded');
        }
        case 'ask-about-charge':
          await this.jobs.add(tx, 'settle-payment', { orderId, tries: 0 }, { key: settlePaymentKey(orderId) });
          return true;
        case 'ask-about-refund': {
          const { refundId } = repair;
          await this.jobs.add(tx, 'settle-refund', { refundId, tries: 0 }, { key: settleRefundKey(refundId) });
          return true;
        }
      }
    });
  }
}

const isSame = (a: Disagreement, b: Disagreement): boolean =>
  a.kind === b.kind && a.orderId === b.orderId && a.reference === b.reference;
