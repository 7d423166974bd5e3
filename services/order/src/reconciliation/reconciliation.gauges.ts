import { Lifecycle, LOGGER } from '@emporium/service-defaults';
import type { Logger } from '@emporium/telemetry';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ReconciliationService } from './reconciliation.service.ts';

/** As often as metrics are usually read. */
const everyMs = 15_000;

/** Keeps the metrics of findings as the database has them. */
@Injectable()
export class ReconciliationGauges implements OnApplicationBootstrap {
  constructor(
    private readonly reconciliation: ReconciliationService,
    private readonly lifecycle: Lifecycle,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const timer = setInterval(() => void this.measure(), everyMs).unref();
    this.lifecycle.onStop('background', 'reconciliation gauges', () => clearInterval(timer));
    void this.measure();
  }

  private async measure(): Promise<void> {
    try {
      await this.reconciliation.measure();
    } catch (error) {
      this.logger.warn('the findings of reconciliation could not be counted', { error });
    }
  }
}
