import { requestsOf } from '../journeys/index.ts';
import { type JourneyName, journeysOf, type Mix } from './mix.ts';
import type { Act, Phase, Shape } from './shape.ts';

/** What k6 calls a scenario: visitors who come at a rate, whether or not those before them were served (an open loop). */
export interface Scenario {
  readonly executor: 'constant-arrival-rate' | 'ramping-arrival-rate';
  readonly exec: JourneyName;
  readonly startTime: string;
  readonly timeUnit: '1m';
  readonly preAllocatedVUs: number;
  readonly maxVUs: number;
  readonly gracefulStop: '15s';
  readonly tags: { readonly journey: JourneyName; readonly act: string };
  readonly rate?: number;
  readonly duration?: string;
  readonly startRate?: number;
  readonly stages?: readonly { readonly target: number; readonly duration: string }[];
}

export interface Arrivals {
  readonly mix: Mix;
  readonly shape: Shape;
  /** Requests a second, of all journeys together, where the shape says 1. */
  readonly rate: number;
  readonly seconds: number;
}

/** One scenario for each journey and act. */
export function scenariosOf({ mix, shape, rate, seconds }: Arrivals): Record<string, Scenario> {
  const scenarios: Record<string, Scenario> = {};
  let start = 0;
  for (const act of shape) {
    for (const journey of journeysOf(mix)) {
      // k6 counts arrivals in whole numbers a minute; a visit is several requests.
      const perMinute = ((mix[journey] ?? 0) * rate * 60) / requestsOf(journey);
      scenarios[shape.length === 1 ? journey : `${act.name}_${journey}`] = {
        exec: journey,
        startTime: `${Math.round(start)}s`,
        timeUnit: '1m',
        gracefulStop: '15s',
        tags: { journey, act: act.name },
        ...roomFor(act, perMinute, requestsOf(journey)),
        ...pace(act, perMinute, seconds),
      };
    }
    start += actShare(act) * seconds;
  }
  return scenarios;
}

/** How many visits begin in all of it. */
export function visitsOf({ mix, shape, rate, seconds }: Arrivals): number {
  const requests = shape.reduce((sum, act) => sum + requestsIn(act, rate, seconds), 0);
  return journeysOf(mix).reduce((sum, journey) => sum + (requests * (mix[journey] ?? 0)) / requestsOf(journey), 0);
}

const actShare = ({ phases }: Act): number => phases.reduce((sum, { share }) => sum + share, 0);

function requestsIn({ from, phases }: Act, rate: number, seconds: number): number {
  let last = from;
  return phases.reduce((sum, { share, times, jump }) => {
    const middle = jump ? times : (last + times) / 2;
    last = times;
    return sum + middle * share * rate * seconds;
  }, 0);
}

/** Little's law: as many at once as arrive in a fifth of a second for each request; ten times that before an arrival is dropped. */
function roomFor({ from, phases }: Act, perMinute: number, requests: number) {
  const busiest = Math.max(from, ...phases.map(({ times }) => times));
  const atOnce = ((perMinute * busiest) / 60) * requests * 0.1;
  return { preAllocatedVUs: Math.ceil(atOnce) + 2, maxVUs: Math.ceil(atOnce * 10) + 10 };
}

function pace({ from, phases }: Act, perMinute: number, seconds: number): Partial<Scenario> & Pick<Scenario, 'executor'> {
  const atRate = (times: number) => Math.max(1, Math.round(perMinute * times));
  const lasting = (share: number) => `${Math.max(1, Math.round(share * seconds))}s`;
  const [only] = phases;
  if (phases.length === 1 && only !== undefined && only.times === from) {
    return { executor: 'constant-arrival-rate', rate: atRate(from), duration: lasting(only.share) };
  }
  const stage = ({ share, times, jump }: Phase) => [
    ...(jump ? [{ target: atRate(times), duration: '0s' }] : []),
    { target: atRate(times), duration: lasting(share) },
  ];
  return { executor: 'ramping-arrival-rate', startRate: atRate(from), stages: phases.flatMap(stage) };
}
