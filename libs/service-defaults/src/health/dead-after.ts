import type { HealthCheck } from './health.registry.ts';

/** Longer than a restart of Redis or a reconnect of the worker takes (1 to 5 s), shorter than anyone should wait for events. */
const graceMs = 10_000;

/**
 * A check of a background worker: it shows as down at once, but takes the service out of rotation only when it has been dead for
 * ten seconds for a reason of its own.
 */
export function deadAfter(
  healthy: () => boolean,
  excused: () => boolean = healthy,
  now: () => number = () => performance.now(),
): Pick<HealthCheck, 'required' | 'check'> {
  let deadSince: number | undefined;
  return {
    required: () => deadSince !== undefined && now() - deadSince >= graceMs,
    check: () => {
      deadSince = healthy() || excused() ? undefined : (deadSince ?? now());
      if (!healthy()) throw new Error('not running');
    },
  };
}
