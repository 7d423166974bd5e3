/** What visitors are told: shared by our own client and, as environment variables, by k6. */
export interface Visit {
  readonly address: string;
  readonly token: string;
  readonly product: string;
  /** Visits a second, arriving whether or not the earlier ones were served. */
  readonly rate: number;
  readonly seconds: number;
}

export interface Visited {
  readonly by: 'k6' | 'own client';
  readonly requests: number;
  readonly failed: number;
  readonly confirmed: number;
  readonly pending: number;
  readonly p95Ms: number;
  /** Visits that never began, because all visitors were still waiting. */
  readonly dropped: number;
  /** Seconds from the start to the last failure. */
  readonly lastFailureAt: number | undefined;
  /** The first of them, in words. */
  readonly failures: readonly string[];
}

/** One visit in five buys; the others look at the list or at the product. */
export const BUYS_EACH = 5;

export const ADDRESS = {
  name: 'Ada Lovelace',
  line1: '12 St James Square',
  city: 'London',
  postalCode: 'SW1Y 4JH',
  country: 'GB',
};
