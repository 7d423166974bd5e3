/** Injection token of `CheckoutSettings`. */
export const CHECKOUT_SETTINGS = Symbol('checkout settings');

/** Times of the purchase, in milliseconds. Read when they are needed, not kept: some may change while the service runs. */
export interface CheckoutSettings {
  /** How long a client waits for its order to be final before it is told 202. */
  readonly patienceMs: number;
  /** After this the saga ends a pending order itself. */
  readonly orderDeadlineMs: number;
  /** When the job looks after an order whose request should have finished it. Longer than `patienceMs`. */
  readonly recoveryDelayMs: number;
  /** How long a repeated key is told `in-progress` before its first request counts as dead. */
  readonly keyLeaseMs: number;
  /** Orders that are being stored at a time. */
  readonly concurrency: number;
  /** Customers in line for that before the next is refused. */
  readonly maxWaiting: number;
  /** How long a customer stands in that line. Shorter than `patienceMs`, so that there is time left to buy. */
  readonly lineMs: number;
}
