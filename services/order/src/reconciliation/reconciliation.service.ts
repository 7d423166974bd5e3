import { randomUUID } from 'node:crypto';
import { invalidField } from '@emporium/errors';
import { Jobs, liveJobs } from '@emporium/jobs';
import { Postgres, type Transaction } from '@emporium/postgres';
import { CONFIG } from '@emporium/service-defaults';
import { Inject, Injectable } from '@nestjs/common';
import type { OrderConfig } from '../config.ts';
import { FindingRepository } from './finding.repository.ts';
import type { Finding } from './finding.ts';
import { addRun, runKey } from './reconciliation.jobs.ts';
import { reconciliationMetrics } from './reconciliation.metrics.ts';
import { RunRepository } from './run.repository.ts';
import { nextWindow, type Run, type Window } from './run.ts';

const runsKeptDays = 30;
const findingsKeptDays = 90;

export interface Standing {
  readonly findings: readonly Finding[];
  readonly counts: Readonly<Record<'open' | 'repaired' | 'waiting', number>>;
  readonly current: Run | undefined;
  readonly last: Run | undefined;
}

/** Begins runs, of which there is one at a time, and tells what they found. */
@Injectable()
export class ReconciliationService {
  constructor(
    private readonly postgres: Postgres,
    private readonly runs: RunRepository,
    private readonly findings: FindingRepository,
    private readonly jobs: Jobs,
    @Inject(CONFIG) private readonly settings: Pick<OrderConfig, 'reconciliationGraceMs'>,
  ) {}

  /** Everything since the last run. */
  beginScheduled(): Promise<Run> {
    return this.postgres.transaction(async (tx) => {
      const window = nextWindow(await this.runs.coveredUntil(tx), new Date(), this.settings.reconciliationGraceMs);
      return this.begin(tx, { trigger: 'schedule', askedBy: null, ...window });
    });
  }

  /** Everything since a moment; while a run is under way, that one. */
  beginAsked(askedBy: string, { since, graceMs }: { since: Date; graceMs: number | undefined }): Promise<Run> {
    const now = new Date();
    if (since > now) throw invalidField('since', 'must not lie ahead');
    const until = new Date(now.getTime() - (graceMs ?? this.settings.reconciliationGraceMs));
    const window: Window = { since, until: until < since ? since : until };
    return this.postgres.transaction((tx) => this.begin(tx, { trigger: 'request', askedBy, ...window }));
  }

  async standing(limit: number, after?: { createdAt: string; id: string }): Promise<Standing> {
    const [findings, counts, current, last] = await Promise.all([
      this.findings.list(this.postgres, limit, after),
      this.findings.counts(this.postgres),
      this.runs.unfinished(this.postgres),
      this.runs.lastFinished(this.postgres),
    ]);
    const sum = (state: string) => counts.filter((each) => each.state === state).reduce((total, { count }) => total + count, 0);
    return { findings, counts: { open: sum('open'), repaired: sum('repaired'), waiting: sum('waiting') }, current, last };
  }

  /** What the metrics show: every replica the same, whichever of them did the run. */
  async measure(): Promise<void> {
    const [counts, succeededAt] = [await this.findings.counts(this.postgres), await this.runs.lastSuccess(this.postgres)];
    reconciliationMetrics.standing(counts, succeededAt);
  }

  async purge(): Promise<void> {
    await this.findings.purge(this.postgres, findingsKeptDays);
    await this.runs.purge(this.postgres, runsKeptDays);
  }

  /** A run whose job was lost gets it back. */
  private async begin(tx: Transaction, draft: Pick<Run, 'trigger' | 'askedBy' | 'since' | 'until'>): Promise<Run> {
    const id = randomUUID();
    await this.runs.begin(tx, { id, ...draft });
    const run = await this.runs.unfinished(tx);
    // The one that was in the way ended between the two statements, and nothing is in the way any more.
    if (run === undefined) return this.begin(tx, draft);
    const live = await liveJobs(tx, [runKey(run.id)]);
    if (live.size === 0) await addRun(this.jobs, tx, run.id);
    return run;
  }
}
