import { currentContext, runInContext } from '@emporium/telemetry';

/**
 * Calls that `work` makes end after `patienceMs`, or when the request's own deadline says so; then there is time left to write down how far it
 * came, and to say so. Jobs know no such hurry.
 */
export function withinPatience<T>(patienceMs: number, work: () => Promise<T>): Promise<T> {
  return runInContext({ requestId: 'unknown', ...currentContext(), callsEndAt: Date.now() + patienceMs }, work);
}
