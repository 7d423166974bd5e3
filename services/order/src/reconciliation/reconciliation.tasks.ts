import { Jobs, type Task } from '@emporium/jobs';
import { Postgres } from '@emporium/postgres';
import type { JobTasks } from '@emporium/service-defaults';
import { Injectable } from '@nestjs/common';
import { addRun, reconcile, runJob } from './reconciliation.jobs.ts';
import { ReconciliationService } from './reconciliation.service.ts';
import { RunService } from './run.service.ts';

/** When to see whether a run is still somebody else's. */
const lookAgainMs = 10_000;

@Injectable()
export class ReconciliationTasks implements JobTasks {
  readonly tasks: Record<string, Task> = {
    'begin-reconciliation': async () => void (await this.reconciliation.beginScheduled()),
    [reconcile]: (payload, { signal }) => this.run(runJob.parse(payload), signal),
    'purge-reconciliation': () => this.reconciliation.purge(),
  };

  /** The cron of several replicas begins one run: the queue sees to that, and so does the table. */
  readonly crontab = ['*/5 * * * * begin-reconciliation ?max=3', '47 3 * * * purge-reconciliation ?max=3'].join('\n');

  constructor(
    private readonly postgres: Postgres,
    private readonly jobs: Jobs,
    private readonly reconciliation: ReconciliationService,
    private readonly runs: RunService,
  ) {}

  private async run({ runId }: { runId: string }, signal: AbortSignal): Promise<void> {
    if (!(await this.runs.execute(runId, signal))) await addRun(this.jobs, this.postgres, runId, lookAgainMs);
  }
}
