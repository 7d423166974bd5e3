import { failureText } from '@emporium/errors';
import { continueTrace, counter, histogram, type Logger, runInContext } from '@emporium/telemetry';
import type { JobHelpers } from 'graphile-worker';
import type { Task } from './worker-options.ts';

const finished = counter('emporium_jobs_finished_total', 'Runs of jobs, by task and outcome (done, retried, given-up).', [
  'task',
  'outcome',
]);
const duration = histogram('emporium_job_duration_seconds', 'Time of one run of a job.', ['task']);

/** Runs one job in the context of the request that caused it, counts it and logs its failure once; the error then decides the retry. */
export async function runTask(name: string, task: Task, payload: unknown, helpers: JobHelpers, logger: Logger): Promise<void> {
  const { id: jobId, attempts, max_attempts: maxAttempts } = helpers.job;
  const log = logger.child({ task: name, jobId, attempts });
  const startedAt = performance.now();
  let outcome = 'done';
  try {
    await runInContext({ requestId: textOf(payload, 'requestId') ?? `job-${jobId}` }, () =>
      continueTrace(`job ${name}`, textOf(payload, 'traceparent'), async () =>
        task(payload, { jobId, attempts, maxAttempts, signal: helpers.abortSignal, log }),
      ),
    );
  } catch (error) {
    outcome = attempts >= maxAttempts ? 'given-up' : 'retried';
    log.log(outcome === 'given-up' ? 'error' : 'warn', `job ${outcome}`, { error });
    // The queue keeps the message, and shows it to whoever looks after jobs that were given up.
    throw new Error(failureText(error), { cause: error });
  } finally {
    finished.inc({ task: name, outcome });
    duration.observe({ task: name }, (performance.now() - startedAt) / 1_000);
  }
}

function textOf(payload: unknown, name: 'requestId' | 'traceparent'): string | undefined {
  const value = (payload as Partial<Record<typeof name, unknown>> | null)?.[name];
  return typeof value === 'string' ? value : undefined;
}
