import { AppError, invalidField } from '@emporium/errors';
import { Jobs } from '@emporium/jobs';
import { Postgres, type Queryable, type Transaction } from '@emporium/postgres';
import { LOGGER } from '@emporium/service-defaults';
import { currentContext, type Logger, regardlessOfDeadline, runInContext } from '@emporium/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import { LedgerService } from '../ledger/ledger.service.ts';
import { refundGiven, refundReversed } from '../ledger/ledger.ts';
import { PaymentProvider, type RefundOutcome } from '../provider/provider.ts';
import { nothingToRefund, refundExceedsCharge, refundFailed, refundIdReused } from './refund.errors.ts';
import { refundMetrics } from './refund.metrics.ts';
import { RefundRepository } from './refund.repository.ts';
import { isSameRefund, type Refund, type RefundOrder, settleRefundKey } from './refund.ts';

/** The request that orders a refund carries it out itself; the job waits this long before it takes over. */
const jobDelayMs = 1_000;

/** What is left of a request's time for the answer when the provider used up the rest: two statements and the way back. */
const answerMs = 250;

/** Money back: set aside in one transaction, asked of the provider outside any, booked in another. */
@Injectable()
export class RefundService {
  constructor(
    private readonly postgres: Postgres,
    private readonly refunds: RefundRepository,
    private readonly ledger: LedgerService,
    private readonly provider: PaymentProvider,
    private readonly jobs: Jobs,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** `pending` when the provider does not answer in time: the money is set aside, and a job goes on asking. */
  async refund(order: RefundOrder): Promise<Refund> {
    const opened = await this.postgres.transaction((tx) => this.open(tx, order));
    const refund = await this.carryOutInTime(opened);
    if (refund.status === 'failed') throw refundFailed(refund.id, refund.failureReason ?? 'unknown');
    return refund;
  }

  /** Sets the money aside and makes sure that the refund happens; the same id is opened once. */
  async open(tx: Transaction, order: RefundOrder): Promise<Refund> {
    const currency = await this.refunds.lockPayment(tx, order.orderId);
    if (currency === undefined) throw nothingToRefund(order.orderId);
    const known = await this.refunds.find(tx, order.refundId);
    if (known !== undefined) {
      if (!isSameRefund(known, order)) throw refundIdReused(order.refundId);
      return known;
    }
    if (order.amount.currency !== currency) throw invalidField('amount.currency', `must be ${currency}, as the charge is`);
    if (!(await this.refunds.reserve(tx, order))) throw refundExceedsCharge(order.orderId);
    const refund = await this.refunds.insert(tx, order);
    if (refund === undefined) throw refundIdReused(order.refundId);
    await this.jobs.add(
      tx,
      'settle-refund',
      { refundId: refund.id, tries: 0 },
      { key: settleRefundKey(refund.id), delayMs: jobDelayMs },
    );
    return refund;
  }

  /** Carries out what is still open for an order; raises when the provider leaves an outcome unknown. */
  async settleAll(orderId: string): Promise<void> {
    for (const refund of await this.refunds.pendingOf(this.postgres, orderId)) await this.carryOut(refund);
  }

  find(db: Queryable, refundId: string): Promise<Refund | undefined> {
    return this.refunds.find(db, refundId);
  }

  /** What a recovery job does. Raises while the provider leaves the outcome unknown. */
  async recover(refundId: string): Promise<boolean> {
    const refund = await this.refunds.find(this.postgres, refundId);
    if (refund !== undefined) await this.carryOut(refund);
    return true;
  }

  private async carryOutInTime(refund: Refund): Promise<Refund> {
    const context = currentContext();
    const callsEndAt = context?.deadline === undefined ? undefined : context.deadline - answerMs;
    try {
      return await runInContext({ requestId: 'unknown', ...context, callsEndAt }, () => this.carryOut(refund));
    } catch (error) {
      if (!(error instanceof AppError) || (error.kind !== 'unavailable' && error.kind !== 'timeout')) throw error;
      this.logger.warn('a refund is left to its job', { refundId: refund.id, orderId: refund.orderId, code: error.code });
      return refund;
    }
  }

  /** Asks the provider, however often; it refunds one id once. */
  private async carryOut(refund: Refund): Promise<Refund> {
    if (refund.status !== 'pending') return refund;
    const outcome = await this.provider.refund({
      refundId: refund.id,
      orderId: refund.orderId,
      chargeReference: refund.chargeReference,
      amount: refund.amount,
    });
    return regardlessOfDeadline(() => this.postgres.transaction((tx) => this.settle(tx, refund, outcome)));
  }

  /** The one step that a direct answer, a webhook and the recovery job come to. */
  async settle(tx: Transaction, refund: Refund, outcome: RefundOutcome): Promise<Refund> {
    const booking = { paymentId: refund.paymentId, orderId: refund.orderId, sourceId: refund.id };
    if (outcome.kind === 'succeeded') {
      if (await this.refunds.succeed(tx, refund, outcome.reference)) {
        await this.ledger.book(tx, refundGiven(booking, refund.amount));
        await this.settled(tx, refund, 'succeeded');
      }
    } else if (await this.refunds.refuse(tx, refund, outcome)) {
      await this.settled(tx, refund, 'failed');
      this.logger.warn('refund refused by the provider', {
        refundId: refund.id,
        orderId: refund.orderId,
        reason: outcome.reason,
      });
    } else if (await this.refunds.reverse(tx, refund, outcome.reason)) {
      await this.ledger.book(tx, refundReversed(booking, refund.amount));
      await this.settled(tx, refund, 'reversed');
      this.logger.error('a refund came back: the customer still waits for the money', {
        refundId: refund.id,
        orderId: refund.orderId,
        reason: outcome.reason,
      });
    }
    return (await this.refunds.find(tx, refund.id)) ?? refund;
  }

  private async settled(tx: Transaction, refund: Refund, outcome: string): Promise<void> {
    await this.jobs.remove(tx, settleRefundKey(refund.id));
    refundMetrics.settled(outcome);
  }
}
