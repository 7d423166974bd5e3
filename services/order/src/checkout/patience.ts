import { currentContext, runInContext } from '@emporium/telemetry';

/** Calls that `work` makes end after `patienceMs`, or when the request's own deadline says so. Jobs know no such hurry. */
export function withinPatience<T>(patienceMs: number, work: () => Promise<T>): Promise<T> {
  const context = currentContext();
  const deadline = Math.min(context?.deadline ?? Number.POSITIVE_INFINITY, Date.now() + patienceMs);
  return runInContext({ requestId: 'unknown', ...context, deadline }, work);
}
