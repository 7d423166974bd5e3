import { journeysOf, type Mix } from './mix.ts';
import { type Arrivals, visitsOf } from './scenarios.ts';
import type { Act } from './shape.ts';

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
  return {
    ...Object.assign({}, ...run.shape.map((act) => ofAct(act, run.untilBroken ?? false))),
    ...ofJourneys(run),
    // Arrivals that k6 could not begin: then the load was not what the report says it was.
    dropped_iterations: [run.untilBroken ? 'count>=0' : `count<${Math.max(1, Math.round(visitsOf(run) * ERROR_SHARE))}`],
    unclean_failures: ['count<1'],
    broken_visits: ['count<1'],
    books_agree: ['rate==1'],
    reconciliation_differences: ['value==0'],
  };
}

function ofAct({ name, must }: Act, untilBroken: boolean): Record<string, Condition[]> {
  const limit = (threshold: string): Condition =>
    untilBroken ? { threshold, abortOnFail: true, delayAbortEval: '5s' } : threshold;
  if (must === 'survived') return { [`http_req_duration{act:${name}}`]: [`p(99)<${REFUSAL_MS}`] };
  return {
    [`http_req_duration{act:${name}}`]: [limit(`p(95)<${P95_MS}`)],
    [`http_req_failed{act:${name}}`]: [limit(`rate<${ERROR_SHARE}`)],
  };
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
