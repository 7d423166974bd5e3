/** Injection token of the settings below. */
export const PAYMENT_SETTINGS = Symbol('payment settings');

/** Times are milliseconds. */
export interface PaymentSettings {
  /** Currency of a payment that was cancelled before anyone said how much it was. */
  readonly currency: string;
  /** How long one attempt may ask the provider before another may; longer than the provider's time-out. */
  readonly attemptMs: number;
  /** When an unknown outcome is asked for again. */
  readonly recoveryDelayMs: number;
  /** How long the provider remembers an idempotency key, with room to spare. */
  readonly keyLifetimeMs: number;
}
