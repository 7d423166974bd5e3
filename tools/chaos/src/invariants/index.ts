import type { Evidence, Rule } from './evidence.ts';
import type { Invariant } from './invariant.ts';
import { ledgerIsWitness, noFreeOrder, noOrphanMoney, oneChargePerOrder } from './money.ts';
import { acceptedIsReadable, allTerminal, idempotent, legalHistory } from './orders.ts';
import { seenOnTheSpot } from './seen.ts';
import { noOversell, stockConserved } from './stock.ts';

export const invariants: readonly Invariant[] = [
  noOversell,
  stockConserved,
  oneChargePerOrder,
  noOrphanMoney,
  noFreeOrder,
  ledgerIsWitness,
  acceptedIsReadable,
  allTerminal,
  idempotent,
  legalHistory,
  ...seenOnTheSpot,
];

export interface Violation {
  readonly rule: Rule;
  readonly says: string;
  /** Each place where it does not hold. */
  readonly places: readonly string[];
}

/** The invariants that do not hold. */
export function violationsOf(evidence: Evidence): Violation[] {
  return invariants
    .map(({ rule, says, check }) => ({ rule, says, places: check(evidence) }))
    .filter(({ places }) => places.length > 0);
}
