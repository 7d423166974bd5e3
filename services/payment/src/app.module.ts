import { PlatformModule, type PlatformOptions } from '@emporium/service-defaults';
import { type DynamicModule, Module } from '@nestjs/common';
import type { PaymentConfig } from './config.ts';
import { LedgerModule } from './ledger/ledger.module.ts';
import { PaymentModule } from './payments/payment.module.ts';
import { PaymentTasks } from './payments/payment.tasks.ts';
import { ProviderModule } from './provider/provider.module.ts';
import { ReconciliationModule } from './reconciliation/reconciliation.module.ts';
import { ReconciliationTasks } from './reconciliation/reconciliation.tasks.ts';
import { RefundModule } from './refunds/refund.module.ts';
import { paymentSettings } from './settings.ts';
import { WebhookModule } from './webhooks/webhook.module.ts';
import { WebhookTasks } from './webhooks/webhook.tasks.ts';

@Module({})
export class AppModule {}

/** The whole service. `overrides` is for specs, which bring their own keys. */
export const appModule = (config: PaymentConfig, overrides: Partial<PlatformOptions> = {}): DynamicModule => {
  const platform = {
    name: 'payment',
    postgres: true,
    redis: true,
    jobs: [PaymentTasks, WebhookTasks, ReconciliationTasks],
    settings: paymentSettings(config),
    ...overrides,
  };
  const features = [ProviderModule, LedgerModule, RefundModule, PaymentModule, WebhookModule, ReconciliationModule];
  return { module: AppModule, imports: [PlatformModule.with(config, platform), ...features] };
};
