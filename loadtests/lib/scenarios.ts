import { requestsOf } from '../journeys/index.ts';
import { type JourneyName, journeysOf, type Mix } from './mix.ts';
import { type Act, type Phase, rise, type Shape } from './shape.ts';

/** What k6 calls a scenario: visitors who come at a rate, whether or not those before them were served (an open loop). */
export interface Scenario {
  readonly executor: 'constant-arrival-rate' | 'ramping-arrival-rate';
  readonly exec: JourneyName;
  readonly startTime: string;
  readonly timeUnit: '1m';
  readonly preAllocatedVUs: number;
  readonly maxVUs: number;
  readonly gracefulStop: '15s';
  readonly tags: { readonly journey?: JourneyName; readonly act: string };
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
  /** Before those seconds, and not judged: processes that have just started are slow. */
  readonly riseSeconds: number;
}

/** One scenario for each journey and act. */
export function scenariosOf(run: Arrivals): Record<string, Scenario> {
  const scenarios: Record<string, Scenario> = {};
  let start = 0;
  for (const act of actsOf(run)) {
    for (const journey of journeysOf(run.mix)) {
      const perMinute = visitsPerMinute(run, journey);
      scenarios[nameOf(act, journey)] = {
        exec: journey,
        startTime: `${Math.round(start)}s`,
        timeUnit: '1m',
        gracefulStop: '15s',
        // Figures of a journey are those of its acts that are judged.
        tags: { act: act.name, ...(act !== rise && { journey }) },
        ...roomFor(act, perMinute, requestsOf(journey)),
        ...pace(act, perMinute, secondsOf(act, run)),
      };
    }
    start += secondsOf(act, run) * shareOf(act);
  }
  return scenarios;
}

/** How many visits begin in an act, by the name of its scenario. */
export function visitsOf(act: Act, run: Arrivals): Record<string, number> {
  const each = journeysOf(run.mix).map((journey): [string, number] => {
    const minutes = (secondsOf(act, run) * timesIn(act)) / 60;
    return [nameOf(act, journey), visitsPerMinute(run, journey) * minutes];
  });
  return Object.fromEntries(each);
}

const actsOf = ({ shape, riseSeconds }: Arrivals): Act[] => (riseSeconds > 0 ? [rise, ...shape] : [...shape]);
const secondsOf = (act: Act, { seconds, riseSeconds }: Arrivals) => (act === rise ? riseSeconds : seconds);
const shareOf = ({ phases }: Act): number => phases.reduce((sum, { share }) => sum + share, 0);
const nameOf = ({ name }: Act, journey: JourneyName) => `${name}_${journey}`;

/** k6 counts arrivals in whole numbers a minute; a visit is several requests. */
const visitsPerMinute = ({ mix, rate }: Arrivals, journey: JourneyName) =>
  ((mix[journey] ?? 0) * rate * 60) / requestsOf(journey);

/** The area under an act's line: its mean rate times its share of the time. */
function timesIn({ from, phases }: Act): number {
  let last = from;
  return phases.reduce((sum, { share, times, jump }) => {
    const middle = jump ? times : (last + times) / 2;
    last = times;
    return sum + middle * share;
  }, 0);
}

/** Little's law: as many at once as arrive while their requests take a tenth of a second each; ten times that before one is dropped. */
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
