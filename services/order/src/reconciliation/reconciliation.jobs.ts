import type { Jobs } from '@emporium/jobs';
import type { Queryable } from '@emporium/postgres';
import { z } from 'zod';

export const reconcile = 'reconcile';

export const runJob = z.object({ runId: z.uuid() });

export const runKey = (runId: string) => `${reconcile}:${runId}`;

export const addRun = (jobs: Jobs, db: Queryable, runId: string, delayMs = 0) =>
  jobs.add(db, reconcile, { runId }, { key: runKey(runId), delayMs });
