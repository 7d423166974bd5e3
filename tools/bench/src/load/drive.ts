export interface Driven {
  /** Answers that were as they should be. */
  readonly done: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of all answers, headers included; none when the generator does not say. */
  readonly bytes?: number;
}

/** Loads a server for so long, or with so much, and waits until all is answered. */
export type Drive = (extent: { readonly seconds: number } | { readonly amount: number }) => Promise<Driven>;
