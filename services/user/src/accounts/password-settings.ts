import type { PasswordRule } from './password.ts';

/** Settings of the rule for new passwords, as a token to inject. */
export class PasswordSettings implements PasswordRule {
  readonly minLength: number;
  readonly maxLength: number;

  constructor(rule: PasswordRule) {
    this.minLength = rule.minLength;
    this.maxLength = rule.maxLength;
  }
}
