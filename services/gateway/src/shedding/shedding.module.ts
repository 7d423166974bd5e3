import { SETTINGS } from '@emporium/service-defaults';
import type { Settings } from '@emporium/settings';
import { Module } from '@nestjs/common';
import type { GatewaySettings } from '../settings.ts';
import { ConcurrencyLimits } from './concurrency.limits.ts';

const concurrencyLimits = (settings: Settings<GatewaySettings>) => new ConcurrencyLimits(() => settings.current.concurrency);

@Module({
  providers: [{ provide: ConcurrencyLimits, useFactory: concurrencyLimits, inject: [SETTINGS] }],
  exports: [ConcurrencyLimits],
})
export class SheddingModule {}
