import type { JobTasks } from '@emporium/service-defaults';
import { Injectable } from '@nestjs/common';
import { ReconciliationService } from './reconciliation.service.ts';

/** Runs are started by the order service, which has every side of the comparison. */
@Injectable()
export class ReconciliationTasks implements JobTasks {
  readonly tasks = {
    'purge-provider-statement': async (_payload: unknown, { signal }: { signal: AbortSignal }) =>
      void (await this.reconciliation.purge(signal)),
  };
  readonly crontab = '43 3 * * * purge-provider-statement';

  constructor(private readonly reconciliation: ReconciliationService) {}
}
