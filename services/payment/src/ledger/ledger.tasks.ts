import type { JobTasks } from '@emporium/service-defaults';
import { Injectable } from '@nestjs/common';
import { LedgerService } from './ledger.service.ts';

@Injectable()
export class LedgerTasks implements JobTasks {
  readonly tasks = {
    'total-ledger': (_payload: unknown, { signal }: { signal: AbortSignal }) => this.ledger.total(signal),
  };
  readonly crontab = '* * * * * total-ledger';

  constructor(private readonly ledger: LedgerService) {}
}
