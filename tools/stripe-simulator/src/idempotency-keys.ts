import { createHash } from 'node:crypto';
import { keyInUse, keyUsedWithOtherParameters } from './stripe-error.ts';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

interface Entry {
  readonly fingerprint: string;
  answer?: Answer;
}

/** Stripe's idempotency: the first answer is kept under its key, with the parameters it answered. */
export class IdempotencyKeys {
  private readonly entries = new Map<string, Entry>();

  /** The stored answer, or undefined when the caller now owns the key and must `keep` or `release` it. */
  begin(key: string, path: string, parameters: unknown): Answer | undefined {
    const fingerprint = createHash('sha256')
      .update(`${path}\n${JSON.stringify(parameters)}`)
      .digest('hex');
    const entry = this.entries.get(key);
    if (entry === undefined) {
      this.entries.set(key, { fingerprint });
      return undefined;
    }
    if (entry.fingerprint !== fingerprint) throw keyUsedWithOtherParameters(key);
    if (entry.answer === undefined) throw keyInUse(key);
    return entry.answer;
  }

  keep(key: string, answer: Answer): void {
    const entry = this.entries.get(key);
    if (entry !== undefined) entry.answer = structuredClone(answer);
  }

  release(key: string): void {
    this.entries.delete(key);
  }

  reset(): void {
    this.entries.clear();
  }
}
