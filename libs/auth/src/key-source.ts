import type { KeyObject } from 'node:crypto';
import { keysUnavailable } from './auth.errors.ts';
import { type JSONWebKeySet, readPublicKeys } from './keys.ts';

/** All times in milliseconds. */
export interface KeySourceOptions {
  fetch: () => Promise<JSONWebKeySet>;
  refreshMs: number;
  unknownKeyMs: number;
  timeoutMs: number;
  onError: (error: unknown) => void;
  onChange: () => void;
}

/**
 * The issuer's public keys, kept in memory. An old set is renewed in the background; an unknown key id asks again, but at most once
 * in `unknownKeyMs`, or forged ids would flood the issuer. A failed or empty answer leaves the last good set in place.
 */
export class KeySource {
  private keys: Map<string, KeyObject> | undefined;
  private askedAt = Number.NEGATIVE_INFINITY;
  private asking: Promise<void> | undefined;
  private failure: unknown;

  constructor(private readonly options: KeySourceOptions) {}

  /** Undefined for a key the issuer does not publish. Raises AppError `keys-unavailable` while there has never been a good set. */
  async find(keyId: string): Promise<KeyObject | undefined> {
    if (this.keys === undefined) await this.refresh();
    else if (!this.keys.has(keyId)) await this.refresh();
    else this.renewIfOld();

    if (this.keys === undefined) throw keysUnavailable(this.failure);
    return this.keys.get(keyId);
  }

  /** Asks, unless it did lately, and tells whether there is a good set. */
  async fill(): Promise<boolean> {
    if (this.keys === undefined) await this.refresh();
    return this.keys !== undefined;
  }

  /** Starts a renewal in the background when the set has come of age; never waits and never fails. */
  renewIfOld(): void {
    if (this.age() >= this.options.refreshMs) void this.refresh();
  }

  private refresh(): Promise<void> {
    if (this.asking === undefined && this.age() >= this.pause()) {
      this.askedAt = performance.now();
      this.asking = this.ask().finally(() => {
        this.asking = undefined;
      });
    }
    return this.asking ?? Promise.resolve();
  }

  private async ask(): Promise<void> {
    try {
      this.replace(readPublicKeys(await withTimeout(this.options.fetch(), this.options.timeoutMs), 'ES256'));
    } catch (error) {
      this.failure = error;
      this.options.onError(error);
    }
  }

  private replace(keys: Map<string, KeyObject>): void {
    if (keys.size === 0) throw new Error('The key set holds no key for ES256.');
    const changed = this.keys !== undefined && [...this.keys].some(([id, key]) => !keys.get(id)?.equals(key));
    this.keys = keys;
    if (changed) this.options.onChange();
  }

  private age(): number {
    return performance.now() - this.askedAt;
  }

  /** Without any key every sign-in fails, so the first set is sought more eagerly. */
  private pause(): number {
    return this.keys === undefined ? Math.min(1_000, this.options.unknownKeyMs) : this.options.unknownKeyMs;
  }
}

/** A fetch that never settles would otherwise be the last one ever. */
async function withTimeout<Result>(work: Promise<Result>, timeoutMs: number): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`The key set did not arrive within ${timeoutMs} ms.`)), timeoutMs);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
