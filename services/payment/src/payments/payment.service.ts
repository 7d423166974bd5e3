import { randomUUID } from 'node:crypto';
import { Jobs } from '@emporium/jobs';
import { equals, type Money } from '@emporium/money';
import { Postgres, type Transaction } from '@emporium/postgres';
import { LOGGER } from '@emporium/service-defaults';
import { type Logger, regardlessOfDeadline } from '@emporium/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import { PAYMENT_SETTINGS, type PaymentSettings } from '../payment.settings.ts';
import { PaymentProvider } from '../provider/provider.ts';
import { RefundService } from '../refunds/refund.service.ts';
import { fromCursor, toCursor } from './payment.cursor.ts';
import { cancelInProgress, paymentCancelled, paymentDiffers, paymentInProgress, paymentNotFound } from './payment.errors.ts';
import { type NewsSource, paymentMetrics } from './payment.metrics.ts';
import { PaymentRepository } from './payment.repository.ts';
import { fence, isOpen, type Outcome, openPayment, type Payment, settlePaymentKey, tombstone } from './payment.ts';
import { SettlementService } from './settlement.service.ts';
import { UnderWayService } from './under-way.service.ts';

interface Beginning {
  readonly payment: Payment;
  readonly mayAsk: boolean;
}

export interface Charge {
  readonly userId: string;
  readonly amount: Money;
  readonly paymentMethod: string;
}

/**
 * Charge and cancel. Each writes down what it is about to do, asks the provider outside any transaction, and writes down the answer.
 * A process that dies between the two leaves a payment `pending` and a job that asks again with the same key.
 */
@Injectable()
export class PaymentService {
  constructor(
    private readonly postgres: Postgres,
    private readonly payments: PaymentRepository,
    private readonly settlement: SettlementService,
    private readonly refunds: RefundService,
    private readonly provider: PaymentProvider,
    private readonly underWay: UnderWayService,
    private readonly jobs: Jobs,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(PAYMENT_SETTINGS) private readonly settings: PaymentSettings,
  ) {}

  async charge(orderId: string, charge: Charge): Promise<Payment> {
    const { payment, mayAsk } = await this.begin(orderId, charge);
    if (!isOpen(payment)) return payment;
    if (!mayAsk) throw paymentInProgress(orderId);

    const settled = await this.underWay.during(orderId, () => this.ask(payment, 'answer'));
    if (settled.cancelRequestedAt === null) return settled;
    await this.refunds.settleAll(orderId);
    throw paymentCancelled(orderId);
  }

  /** Keeps no money for the order, and lets none come: true when it returns, and made true by a job when it raises. */
  async cancel(orderId: string, reason: string): Promise<Payment> {
    this.logger.info('payment cancel asked for', { orderId, reason });
    const fenced = await this.postgres.transaction((tx) => this.raiseFence(tx, orderId));
    if (isOpen(fenced)) await this.ask(fenced, 'answer');
    await this.refunds.settleAll(orderId);

    const payment = await this.get(orderId);
    if (payment.status === 'cancelled' || payment.status === 'declined') return payment;
    throw cancelInProgress(orderId);
  }

  /** What a recovery job does: asks about an order's charge again. Returns false while the outcome stays unknown. */
  async recover(orderId: string, tries: number): Promise<boolean> {
    const payment = await this.payments.findByOrder(this.postgres, orderId);
    if (payment === undefined || !isOpen(payment)) return true;
    if (!(await this.postgres.transaction((tx) => this.payments.claimAttempt(tx, payment.id, this.settings.attemptMs))))
      return false;

    try {
      await this.apply(orderId, await this.outcomeOf(payment, tries), 'recovery');
      return true;
    } finally {
      await this.postgres.transaction((tx) => this.payments.endAttempt(tx, payment.id));
    }
  }

  /** Gives a job to every attempt that outlived its time: whoever made it is dead, and the provider has to be asked again. */
  async recoverOverdue(): Promise<void> {
    for (let taken = overdueBatch; taken === overdueBatch; ) {
      taken = await this.postgres.transaction(async (tx) => {
        const orderIds = await this.payments.takeOverdue(tx, overdueBatch);
        for (const orderId of orderIds) await this.scheduleRecovery(tx, orderId, 0);
        return orderIds.length;
      });
    }
  }

  async get(orderId: string): Promise<Payment> {
    const payment = await this.payments.findByOrder(this.postgres, orderId);
    if (payment === undefined) throw paymentNotFound(orderId);
    return payment;
  }

  /** Newest first. */
  async page(query: { orderId?: string | undefined; limit: number; cursor?: string | undefined }): Promise<{
    payments: Payment[];
    nextCursor: string | null;
  }> {
    const before = query.cursor === undefined ? undefined : fromCursor(query.cursor);
    const found = await this.payments.list(this.postgres, { orderId: query.orderId, limit: query.limit + 1, before });
    const payments = found.slice(0, query.limit);
    const last = payments.at(-1);
    const more = found.length > payments.length && last !== undefined;
    return { payments, nextCursor: more ? toCursor({ at: last.createdAt, id: last.id }) : null };
  }

  private async begin(orderId: string, charge: Charge): Promise<Beginning> {
    const payment = openPayment({ id: randomUUID(), orderId, ...charge, at: new Date() });
    if (await this.payments.open(this.postgres, payment, this.settings.attemptMs)) return { payment, mayAsk: true };
    return this.postgres.transaction((tx) => this.resume(tx, orderId, charge));
  }

  /** Somebody asked for this charge before. */
  private async resume(tx: Transaction, orderId: string, charge: Charge): Promise<Beginning> {
    const payment = await this.locked(tx, orderId);
    if (payment.cancelRequestedAt !== null) throw paymentCancelled(orderId);
    if (!isSameCharge(payment, charge)) throw paymentDiffers(orderId);
    if (!isOpen(payment)) return { payment, mayAsk: false };

    return { payment, mayAsk: await this.payments.claimAttempt(tx, payment.id, this.settings.attemptMs) };
  }

  private async raiseFence(tx: Transaction, orderId: string): Promise<Payment> {
    await this.payments.insert(tx, tombstone({ id: randomUUID(), orderId, currency: this.settings.currency, at: new Date() }));
    const payment = await this.locked(tx, orderId);
    const fenced = fence(payment, new Date()) ?? payment;
    if (fenced !== payment) await this.payments.save(tx, fenced);
    if (isOpen(fenced)) await this.scheduleRecovery(tx, orderId, this.settings.attemptMs);
    await this.settlement.giveBack(tx, fenced);
    return fenced;
  }

  private async ask(payment: Payment, source: NewsSource): Promise<Payment> {
    let outcome: Outcome;
    try {
      outcome = await this.outcomeOf(payment);
    } catch (error) {
      paymentMetrics.unknown();
      await regardlessOfDeadline(() =>
        this.postgres.transaction(async (tx) => {
          await this.payments.endAttempt(tx, payment.id);
          await this.scheduleRecovery(tx, payment.orderId, this.settings.recoveryDelayMs);
        }),
      );
      throw error;
    }
    // The money has moved, or has not: that is booked, whether somebody waits for it or not.
    const settled = await regardlessOfDeadline(() => this.settlement.applyAtOnce(payment, outcome, source));
    return settled ?? this.apply(payment.orderId, outcome, source);
  }

  private async apply(orderId: string, outcome: Outcome, source: NewsSource): Promise<Payment> {
    const payment = await regardlessOfDeadline(() =>
      this.postgres.transaction((tx) => this.settlement.apply(tx, orderId, outcome, source)),
    );
    if (payment === undefined) throw paymentNotFound(orderId);
    return payment;
  }

  private async outcomeOf(payment: Payment, tries = 0): Promise<Outcome> {
    const fenced = payment.cancelRequestedAt !== null;
    const instruction = {
      orderId: payment.orderId,
      paymentId: payment.id,
      amount: payment.amount,
      paymentMethod: payment.paymentMethod ?? '',
    };
    // The provider forgets keys after a day: asking with one it forgot would charge a second time.
    if (Date.now() - payment.createdAt.getTime() > this.settings.keyLifetimeMs) {
      return (await this.provider.findCharge(payment.orderId)) ?? (fenced ? { kind: 'none' } : expired);
    }
    try {
      if (fenced && (await this.provider.fence(instruction)) === 'closed') return { kind: 'none' };
      return await this.provider.charge(instruction);
    } catch (error) {
      // A key that only ever repeats an error tells nothing; the charge itself may be there to be seen.
      const found = tries < patience ? undefined : await this.provider.findCharge(payment.orderId);
      if (found === undefined) throw error;
      return found;
    }
  }

  private scheduleRecovery(tx: Transaction, orderId: string, delayMs: number): Promise<void> {
    return this.jobs.add(tx, 'settle-payment', { orderId, tries: 0 }, { key: settlePaymentKey(orderId), delayMs });
  }

  private async locked(tx: Transaction, orderId: string): Promise<Payment> {
    const payment = await this.payments.lockByOrder(tx, orderId);
    if (payment === undefined) throw paymentNotFound(orderId);
    return payment;
  }
}

const overdueBatch = 50;

/** Tries with the key before the charge is looked for without it. */
const patience = 5;

const expired: Outcome = { kind: 'declined', reason: 'expired', reference: null };

const isSameCharge = (payment: Payment, charge: Charge): boolean =>
  payment.userId === charge.userId && payment.paymentMethod === charge.paymentMethod && equals(payment.amount, charge.amount);
