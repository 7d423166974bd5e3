import { Postgres, type Transaction } from '@emporium/postgres';
import { LOGGER } from '@emporium/service-defaults';
import type { Logger } from '@emporium/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import { SettlementService } from '../payments/settlement.service.ts';
import { UnderWayService } from '../payments/under-way.service.ts';
import { PaymentProvider, type ProviderEvent } from '../provider/provider.ts';
import { RefundService } from '../refunds/refund.service.ts';
import { webhookMetrics } from './webhook.metrics.ts';
import { WebhookRepository } from './webhook.repository.ts';

/** Stripe repeats an event for three days. */
const keepDays = 30;

/** What the provider tells us by itself; it comes to the same steps as a direct answer, in one transaction with the event's id. */
@Injectable()
export class WebhookService {
  constructor(
    private readonly postgres: Postgres,
    private readonly events: WebhookRepository,
    private readonly settlement: SettlementService,
    private readonly refunds: RefundService,
    private readonly provider: PaymentProvider,
    private readonly underWay: UnderWayService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async receive(payload: Buffer, signature: string | undefined): Promise<void> {
    const event = this.provider.read(payload, signature);
    const effect = await this.effectOf(event);
    webhookMetrics.received(effect);
    this.logger.info('webhook received', { eventId: event.id, type: event.type, effect });
  }

  private async effectOf(event: ProviderEvent): Promise<'effective' | 'repeated' | 'ignored'> {
    // Nothing would come of it: then there is nothing to remember, and no row to wait for.
    if (event.news === undefined) return 'ignored';
    if (await this.isKnown(event.news)) return 'repeated';
    return this.postgres.transaction(async (tx) => {
      if (!(await this.events.insert(tx, event))) return 'repeated';
      return (await this.take(tx, event)) ? 'effective' : 'ignored';
    });
  }

  /** Most news of a charge arrives beside the answer to our own question, and says the same. */
  private async isKnown(news: NonNullable<ProviderEvent['news']>): Promise<boolean> {
    if (news.about !== 'charge') return false;
    await this.underWay.ended(news.orderId);
    return this.settlement.knows(news.orderId, news.outcome);
  }

  purge(): Promise<number> {
    return this.events.purge(this.postgres, keepDays);
  }

  private async take(tx: Transaction, { news }: ProviderEvent): Promise<boolean> {
    if (news === undefined) return false;
    if (news.about === 'charge') {
      return (await this.settlement.apply(tx, news.orderId, news.outcome, 'webhook')) !== undefined;
    }
    const refund = await this.refunds.find(tx, news.refundId);
    if (refund === undefined) return false;
    await this.refunds.settle(tx, refund, news.outcome);
    return true;
  }
}
