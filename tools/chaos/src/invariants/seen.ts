import type { Rule } from './evidence.ts';
import type { Invariant } from './invariant.ts';

/** What the driver notices on the spot; see `shop/judge.ts`, `shop/customer.ts` and `load/probe.scenarios.ts`. */
const seen = (rule: Rule, says: string): Invariant => ({
  rule,
  says,
  check: ({ breaches }) => breaches.filter((breach) => breach.rule === rule).map(({ text }) => text),
});

export const seenOnTheSpot: readonly Invariant[] = [
  seen('own-writes-visible', 'whoever changed something sees it changed'),
  seen('no-right-granted', 'no fault opens a door: ended sessions, forged tokens, strangers and the nameless stay out'),
  seen('no-foreign-data', "no answer shows another customer's order, cart or account"),
  seen(
    'no-dirty-error',
    'no 500 or 502, no HTML, stack, SQL or inner names, no 503 without Retry-After, no hang over 10 s, no surprise',
  ),
  seen('experiment', 'what the experiment expects beyond all that'),
];
