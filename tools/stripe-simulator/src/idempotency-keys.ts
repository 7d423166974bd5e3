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

/** A key whose answer is final. */
export interface KeptKey {
  readonly key: string;
  readonly fingerprint: string;
  readonly answer: Answer;
}

/** Stripe's idempotency: the first answer is kept under its key, with the parameters it answered. */
export class IdempotencyKeys {
  private readonly entries = new Map<string, Entry>();
  private kept: KeptKey[] = [];

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
    if (entry === undefined) return;
    entry.answer = structuredClone(answer);
    this.kept.push({ key, fingerprint: entry.fingerprint, answer: entry.answer });
  }

  restore({ key, fingerprint, answer }: KeptKey): void {
    this.entries.set(key, { fingerprint, answer });
  }

  /** What was kept since the last time; hands it over once. */
  takeKept(): KeptKey[] {
    const kept = this.kept;
    this.kept = [];
    return kept;
  }

  release(key: string): void {
    this.entries.delete(key);
  }

  reset(): void {
    this.entries.clear();
    this.kept = [];
  }
}
