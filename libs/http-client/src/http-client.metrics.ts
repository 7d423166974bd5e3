import { type CountTally, counter, countTally, gauge, histogram, type TimeTally, timeTally } from '@emporium/telemetry';

/** 0 closed, 1 half-open, 2 open. */
export const breakerStateGauge = (upstream: string) =>
  gauge('emporium_upstream_breaker_state', 'Circuit breaker: 0 closed, 1 half-open, 2 open.', ['upstream']).labels(upstream);

/** Counts calls of one upstream. Labels are looked up once per method and outcome. */
export function callMetrics(upstream: string) {
  const calls = counter('emporium_upstream_calls_total', 'Calls to another service.', ['upstream', 'method', 'outcome']);
  const durations = histogram('emporium_upstream_call_duration_seconds', 'Time of calls to another service, retries included.', [
    'upstream',
    'method',
  ]);
  const retries = counter('emporium_upstream_retries_total', 'Calls sent once more.', ['upstream']).labels(upstream);
  const known = new Map<string, CountTally>();
  const timers = new Map<string, TimeTally>();

  const remembered = <T>(map: Map<string, T>, key: string, make: () => T): T => {
    let value = map.get(key);
    if (value === undefined) {
      value = make();
      map.set(key, value);
    }
    return value;
  };

  return {
    retried: () => retries.inc(),
    ended(method: string, outcome: string, startedAt: number): void {
      remembered(known, `${method} ${outcome}`, () => countTally(calls, { upstream, method, outcome })).inc();
      remembered(timers, method, () => timeTally(durations, { upstream, method })).observe(
        (performance.now() - startedAt) / 1_000,
      );
    },
  };
}
