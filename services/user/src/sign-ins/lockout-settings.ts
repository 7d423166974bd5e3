import type { LockoutRule } from './lockout.ts';

/** Settings of the lockout, as a token to inject. */
export class LockoutSettings implements LockoutRule {
  readonly freeFailures: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  readonly forgetAfterMs: number;

  constructor(rule: LockoutRule) {
    this.freeFailures = rule.freeFailures;
    this.baseDelayMs = rule.baseDelayMs;
    this.maxDelayMs = rule.maxDelayMs;
    this.forgetAfterMs = rule.forgetAfterMs;
  }
}
