import { randomUUID } from 'node:crypto';
import { paymentSettled } from '@emporium/contracts/payment';
import { Outbox } from '@emporium/events';
import { Jobs } from '@emporium/jobs';
import { Postgres, type Transaction } from '@emporium/postgres';
import { LOGGER } from '@emporium/service-defaults';
import type { Logger } from '@emporium/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import { LedgerService } from '../ledger/ledger.service.ts';
import { chargeTaken } from '../ledger/ledger.ts';
import { RefundService } from '../refunds/refund.service.ts';
import { type NewsSource, paymentMetrics } from './payment.metrics.ts';
import { PaymentRepository } from './payment.repository.ts';
import { contradicts, isOpen, isOtherSum, type Outcome, owed, type Payment, settle, settlePaymentKey } from './payment.ts';

/** Where all news about a charge ends: state, ledger, event and the way back of unwanted money, in the caller's transaction. */
@Injectable()
export class SettlementService {
  constructor(
    private readonly postgres: Postgres,
    private readonly payments: PaymentRepository,
    private readonly refunds: RefundService,
    private readonly ledger: LedgerService,
    private readonly outbox: Outbox,
    private readonly jobs: Jobs,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * The usual news of a payment that was open a moment ago, in one statement. Undefined: the news is unusual, or somebody else was here
   * meanwhile; then `apply` finds out what is to be done.
   */
  async applyAtOnce(payment: Payment, outcome: Outcome, source: NewsSource): Promise<Payment | undefined> {
    if (contradicts(payment, outcome) || isOtherSum(payment, outcome)) return undefined;
    const settlement = settle(payment, outcome, new Date());
    if (settlement?.announce === undefined) return undefined;

    const { payment: settled, charged, announce } = settlement;
    const { orderId } = settled;
    const isNews = await this.payments.settle(this.postgres, settled, {
      event: (row) => this.outbox.insertion(paymentSettled, orderId, { orderId, outcome: announce }, row),
      ...(charged && { booking: (row) => this.ledger.booking(chargeOf(settled), row) }),
    });
    if (!isNews) return undefined;
    this.tell(settled, outcome, source);
    return settled;
  }

  /** Whether this news would change nothing: the same was told before. */
  async knows(orderId: string, outcome: Outcome): Promise<boolean> {
    const payment = await this.payments.findByOrder(this.postgres, orderId);
    if (payment === undefined || contradicts(payment, outcome) || isOtherSum(payment, outcome)) return false;
    return settle(payment, outcome, new Date()) === undefined;
  }

  /** The same news twice is one effect. Undefined: the order has no payment here. */
  async apply(tx: Transaction, orderId: string, outcome: Outcome, source: NewsSource): Promise<Payment | undefined> {
    const payment = await this.payments.lockByOrder(tx, orderId);
    if (payment === undefined) return undefined;
    if (contradicts(payment, outcome)) {
      this.logger.error('the provider tells of money that is not in the books', { orderId, outcome, source });
      return payment;
    }
    if (isOtherSum(payment, outcome)) {
      this.logger.error('the provider took another sum than it was asked for', { orderId, outcome, source });
      if (source === 'webhook') return this.askAgain(tx, payment);
    }
    const settlement = settle(payment, outcome, new Date());
    if (settlement === undefined) return payment;

    const settled = settlement.payment;
    await this.payments.save(tx, settled);
    await this.jobs.remove(tx, settlePaymentKey(orderId));
    if (settlement.charged) {
      await this.ledger.book(tx, chargeOf(settled));
    }
    if (settlement.announce !== undefined) {
      await this.outbox.add(tx, paymentSettled, orderId, { orderId, outcome: settlement.announce });
    }
    await this.giveBack(tx, settled);
    this.tell(settled, outcome, source);
    return settled;
  }

  private tell({ orderId, status }: Payment, outcome: Outcome, source: NewsSource): void {
    paymentMetrics.settled(outcome.kind, source);
    this.logger.info('payment settled', { orderId, outcome: outcome.kind, status, source });
  }

  /** A webhook alone does not send a customer's money back: the provider is asked for what it really took. */
  private async askAgain(tx: Transaction, payment: Payment): Promise<Payment> {
    if (isOpen(payment)) {
      const { orderId } = payment;
      await this.jobs.add(tx, 'settle-payment', { orderId, tries: 0 }, { key: settlePaymentKey(orderId), delayMs: 0 });
    }
    return payment;
  }

  /** Orders the refund of what a fenced payment still keeps. */
  async giveBack(tx: Transaction, payment: Payment): Promise<void> {
    const amount = owed(payment);
    if (amount.amount === 0) return;
    await this.refunds.open(tx, { refundId: randomUUID(), orderId: payment.orderId, amount, reason: 'order cancelled' });
  }
}

const chargeOf = ({ id, orderId, charged }: Payment) => chargeTaken({ paymentId: id, orderId, sourceId: id }, charged);
