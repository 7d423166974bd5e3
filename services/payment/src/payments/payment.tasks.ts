import { AppError } from '@emporium/errors';
import { Jobs } from '@emporium/jobs';
import { Postgres } from '@emporium/postgres';
import { type JobTasks, LOGGER } from '@emporium/service-defaults';
import type { Logger } from '@emporium/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { RefundService } from '../refunds/refund.service.ts';
import { settleRefundKey } from '../refunds/refund.ts';
import { PaymentService } from './payment.service.ts';
import { settlePaymentKey } from './payment.ts';

const paymentJob = z.object({ orderId: z.uuid(), tries: z.int().min(0) });
const refundJob = z.object({ refundId: z.uuid(), tries: z.int().min(0) });

/** The rest of what a dead process or a silent provider left open. */
@Injectable()
export class PaymentTasks implements JobTasks {
  readonly tasks = {
    'settle-payment': (payload: unknown) => this.settlePayment(payload),
    'settle-refund': (payload: unknown) => this.settleRefund(payload),
  };

  readonly sweeps = { 'recover-payments': () => this.payments.recoverOverdue() };

  constructor(
    private readonly postgres: Postgres,
    private readonly payments: PaymentService,
    private readonly refunds: RefundService,
    private readonly jobs: Jobs,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  private async settlePayment(payload: unknown): Promise<void> {
    const { orderId, tries } = paymentJob.parse(payload);
    const known = await this.isKnown(() => this.payments.recover(orderId, tries), { orderId, tries });
    if (!known) await this.again('settle-payment', settlePaymentKey(orderId), { orderId, tries: tries + 1 });
  }

  private async settleRefund(payload: unknown): Promise<void> {
    const { refundId, tries } = refundJob.parse(payload);
    const known = await this.isKnown(() => this.refunds.recover(refundId), { refundId, tries });
    if (!known) await this.again('settle-refund', settleRefundKey(refundId), { refundId, tries: tries + 1 });
  }

  /** A provider that does not answer is foreseen: the job comes again on our own schedule. Anything else is the worker's to retry. */
  private async isKnown(ask: () => Promise<boolean>, fields: object): Promise<boolean> {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof AppError) || (error.kind !== 'unavailable' && error.kind !== 'timeout')) throw error;
      this.logger.warn('the provider still has not said what became of it', { ...fields, code: error.code });
      return false;
    }
  }

  private again(name: string, key: string, payload: { tries: number; orderId?: string; refundId?: string }): Promise<void> {
    return this.jobs.add(this.postgres, name, payload, { key, delayMs: waitMs(payload.tries) });
  }
}

/**
 * Doubles up to 15 s: an outage of a minute is noticed over within a quarter of one. A quarter more or less, so that payments which an
 * outage stopped together do not come back together.
 */
export const waitMs = (tries: number): number =>
  Math.round(Math.min(15_000, 250 * 2 ** Math.min(tries, 10)) * (0.75 + Math.random() / 2));
