import type { Plan } from './generator/inspect.ts';
import { limitIn } from './measure/limit.ts';
import type { Machine } from './measure/machine.ts';
import { readRecording } from './measure/recording.ts';
import type { Samples } from './measure/sampler.ts';
import { othersOf, serversOf } from './measure/servers.ts';
import { booksOf, countOf, rowsOf, type Summary, thresholdsOf, totalOf } from './measure/summary.ts';
import { useOverTime } from './measure/use-over-time.ts';
import type { Result } from './report/result.ts';

/** What a run has left behind. */
export interface Remains {
  readonly profile: string;
  readonly startedAt: Date;
  readonly machine: Machine;
  readonly plan: Plan;
  readonly target: string | undefined;
  readonly settings: Readonly<Record<string, string>> | undefined;
  readonly replicas: number | undefined;
  readonly data: string | undefined;
  readonly summary: Summary;
  readonly recording: string;
  readonly samples: Samples;
  readonly restarts: Readonly<Record<string, number>>;
  /** Whether k6 ended as it does when its thresholds were all that could fail. */
  readonly isComplete: boolean;
}

/** The act that is not judged: `loadtests/lib/shape.ts`. */
const RISE = 'rise';

export function makeResult(remains: Remains): Result {
  const { profile, startedAt, machine, plan, target, settings, replicas, data } = remains;
  const { summary, samples, restarts, isComplete } = remains;
  const { beganAt = startedAt.getTime(), points } = readRecording(remains.recording);
  // A run that looks for the limit ends early; what came after it is the comparison of the books.
  const timeline = points.filter(({ second }) => second <= plan.riseSeconds + plan.seconds);
  const seconds = plan.findsLimit ? Math.min(plan.seconds, secondsOfVisits(timeline, plan.seconds)) : plan.seconds;
  const acts = rowsOf(summary, 'act', seconds).filter(({ name }) => name !== RISE);
  const from = beganAt + plan.riseSeconds * 1_000;
  const to = from + seconds * 1_000;
  const thresholds = thresholdsOf(summary);
  const books = booksOf(summary);
  const haveHeld = plan.findsLimit || thresholds.every(({ held }) => held);
  return {
    profile,
    startedAt: startedAt.toISOString(),
    machine,
    options: { rate: plan.rate, riseSeconds: plan.riseSeconds, seconds, mix: plan.mix, target, settings, replicas, data },
    total: { ...((acts.length === 1 ? acts[0] : undefined) ?? totalOf(summary, seconds)), name: 'all' },
    journeys: rowsOf(summary, 'journey', seconds).toSorted((one, other) => other.requests - one.requests),
    acts: acts.length > 1 ? acts : [],
    purchases: countOf(summary, 'purchases'),
    dropped: countOf(summary, 'dropped_iterations'),
    unclean: countOf(summary, 'unclean_failures'),
    books,
    thresholds,
    limit: plan.findsLimit ? limitIn(timeline) : undefined,
    servers: serversOf(samples, from, to),
    othersCpuSeconds: othersOf(samples, from, to),
    restarts,
    timeline,
    use: useOverTime(samples, beganAt),
    held: isComplete && haveHeld && books.agree,
  };
}

/** Up to the last moment at which visitors still came in numbers. */
function secondsOfVisits(timeline: Result['timeline'], planned: number): number {
  const most = Math.max(0, ...timeline.map(({ requestsPerSecond }) => requestsPerSecond));
  return timeline.findLast(({ requestsPerSecond }) => requestsPerSecond > most / 10)?.second ?? planned;
}
