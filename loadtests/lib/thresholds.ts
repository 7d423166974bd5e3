import { journeysOf, type Mix } from './mix.ts';
import { type Arrivals, visitsOf } from './scenarios.ts';
import { type Act, rise } from './shape.ts';

/** As k6 takes them: a condition, or one that ends the run. */
type Condition = string | { readonly threshold: string; readonly abortOnFail: boolean; readonly delayAbortEval: string };

/** The limits of every run. */
export const P95_MS = 500;
export const ERROR_SHARE = 0.01;
/** The platform promises an answer, if only a refusal, within three seconds. */
const REFUSAL_MS = 3_500;

export interface Judged extends Arrivals {
  /** A run that looks for the limit ends when it has found it. */
  readonly untilBroken?: boolean;
}

export function thresholdsOf(run: Judged): Record<string, Condition[]> {
  const acts = run.riseSeconds > 0 ? [rise, ...run.shape] : run.shape;
  return {
    ...Object.assign({}, ...acts.map((act) => ofAct(act, run))),
    ...ofJourneys(run),
    unclean_failures: ['count<1'],
    broken_visits: ['count<1'],
    books_agree: ['rate==1'],
    reconciliation_differences: ['value==0'],
  };
}

function ofAct(act: Act, run: Judged): Record<string, Condition[]> {
  const { name, must } = act;
  const limit = (threshold: string): Condition =>
    run.untilBroken ? { threshold, abortOnFail: true, delayAbortEval: '5s' } : threshold;
  if (must === 'survived') return { [`http_req_duration{act:${name}}`]: [`p(99)<${REFUSAL_MS}`] };
  return {
    [`http_req_duration{act:${name}}`]: [limit(`p(95)<${P95_MS}`)],
    [`http_req_failed{act:${name}}`]: [limit(`rate<${ERROR_SHARE}`)],
    ...(run.untilBroken ? {} : dropped(act, run)),
  };
}

/** Arrivals that k6 could not begin: then the load was not what the report says it was. */
function dropped(act: Act, run: Judged): Record<string, Condition[]> {
  const each = Object.entries(visitsOf(act, run)).map(([scenario, visits]) => [
    `dropped_iterations{scenario:${scenario}}`,
    [`count<${Math.max(2, Math.round(visits * ERROR_SHARE))}`],
  ]);
  return Object.fromEntries(each);
}

/** k6 keeps figures of a journey only where a limit asks for them; a storm has its own. */
function ofJourneys({ mix, shape, untilBroken }: Judged & { readonly mix: Mix }): Record<string, Condition[]> {
  const isCalm = !untilBroken && shape.every(({ must }) => must === 'held');
  const each = journeysOf(mix).map((journey) => [
    [`http_req_duration{journey:${journey}}`, [isCalm ? `p(95)<${P95_MS}` : `p(99)<${REFUSAL_MS}`]],
    [`http_req_failed{journey:${journey}}`, [isCalm ? `rate<${ERROR_SHARE}` : 'rate<=1']],
  ]);
  return Object.fromEntries(each.flat());
}
