import { CONFIG, SETTINGS } from '@emporium/service-defaults';
import type { Settings } from '@emporium/settings';
import { Module } from '@nestjs/common';
import type { PaymentConfig } from '../config.ts';
import { LedgerModule } from '../ledger/ledger.module.ts';
import { PAYMENT_SETTINGS, type PaymentSettings } from '../payment.settings.ts';
import { ProviderModule } from '../provider/provider.module.ts';
import { RefundModule } from '../refunds/refund.module.ts';
import type { PaymentRuntimeSettings } from '../settings.ts';
import { PaymentController } from './payment.controller.ts';
import { PaymentRepository } from './payment.repository.ts';
import { PaymentService } from './payment.service.ts';
import { PaymentTasks } from './payment.tasks.ts';
import { PaymentAdminController } from './payment-admin.controller.ts';
import { SettlementService } from './settlement.service.ts';
import { UnderWayService } from './under-way.service.ts';

// Stripe forgets a key after 24 hours at the earliest.
const keyLifetimeMs = 20 * 60 * 60 * 1_000;

@Module({
  imports: [ProviderModule, LedgerModule, RefundModule],
  controllers: [PaymentController, PaymentAdminController],
  providers: [
    PaymentRepository,
    UnderWayService,
    SettlementService,
    PaymentService,
    PaymentTasks,
    {
      provide: PAYMENT_SETTINGS,
      useFactory: (config: PaymentConfig, settings: Settings<PaymentRuntimeSettings>): PaymentSettings => ({
        currency: config.currency,
        // An attempt may make two calls, one to ask and one to look closer.
        get attemptMs() {
          return 2 * settings.current.upstreams['payment-provider'].timeoutMs + 1_000;
        },
        recoveryDelayMs: config.recoveryDelayMs,
        keyLifetimeMs,
      }),
      inject: [CONFIG, SETTINGS],
    },
  ],
  exports: [SettlementService, UnderWayService],
})
export class PaymentModule {}
