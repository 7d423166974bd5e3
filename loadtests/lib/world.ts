import type { Account } from '../journeys/journey.ts';

/** Where the visitors go and what they find there; written by the runner (`tools/load`) before a run. */
export interface World {
  /** The gateway. */
  readonly url: string;
  /** Products to look at. */
  readonly catalogue: readonly string[];
  /** Products with more units than anybody will buy, the five that everybody wants first. */
  readonly goods: readonly string[];
  readonly sale: { readonly productId: string; readonly units: number };
  /** Customers with passwords. */
  readonly accounts: readonly Account[];
  readonly administrator: Account;
  /** Signs tokens for any number of customers, on a platform whose key the runner has. Without it, visitors sign in. */
  readonly signer?: Signer;
}

export interface Signer {
  readonly key: Readonly<Record<string, unknown>>;
  readonly keyId: string;
  readonly issuer: string;
  readonly audience: string;
}

const file = __ENV.LOAD_WORLD;

/** Undefined where a profile is only looked at, as `k6 inspect` does. */
const given = file === undefined ? undefined : (JSON.parse(open(file)) as World);

export function world(): World {
  if (given === undefined) throw new Error('LOAD_WORLD is not set: start this with `npm run load -- NAME`.');
  return given;
}
