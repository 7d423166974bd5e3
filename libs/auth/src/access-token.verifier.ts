import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@emporium/errors';
import { type JWTHeaderParameters, jwtVerify } from 'jose';
import { type AccessClaims, accessClaims, accessTokenType } from './access-token.ts';
import { invalidToken } from './auth.errors.ts';
import { KeySource } from './key-source.ts';
import type { JSONWebKeySet } from './keys.ts';
import { VerifiedTokens } from './verified-tokens.ts';

/** `keys` fetches the issuer's key set; a failure of it goes to `onKeyError` and is answered from the last good set. */
export interface AccessTokenVerifierOptions {
  issuer: string;
  audience: string;
  keys: () => Promise<JSONWebKeySet>;
  /** Verified tokens remembered; default 10,000, about 10 MB. */
  cacheSize?: number;
  /** Age at which the key set is renewed in the background; default 5 min. */
  refreshMs?: number;
  /** Shortest time between two fetches, whatever key ids are shown; default 5 s. */
  unknownKeyMs?: number;
  /** Longest wait for the key set; default 2 s. */
  keysTimeoutMs?: number;
  onKeyError?: (error: unknown) => void;
}

/** Checks access tokens without asking anybody. Does not know whether the session has ended since: that is the caller's list. */
export interface AccessTokenVerifier {
  /** Raises AppError `unauthenticated` / `invalid-token`, or `unavailable` / `keys-unavailable` before the first key set. */
  verify(token: string): Promise<AccessClaims>;
  /**
   * Asks for the key set until it is there, so that the first token finds it even when its issuer is away by then. Ends with the signal;
   * never rejects.
   */
  warmUp(signal: AbortSignal): Promise<void>;
}

/** 4 KiB: ours have about 500 characters. */
const longestToken = 4_096;

/** Clocks of two machines may differ by this much. */
const clockToleranceSeconds = 5;

/** The algorithm is pinned to ES256 here; what a token's header claims only ever leads to refusal. */
export function createAccessTokenVerifier(options: AccessTokenVerifierOptions): AccessTokenVerifier {
  const verified = new VerifiedTokens<AccessClaims>(options.cacheSize ?? 10_000);
  const keys = new KeySource({
    fetch: options.keys,
    refreshMs: options.refreshMs ?? 300_000,
    unknownKeyMs: options.unknownKeyMs ?? 5_000,
    timeoutMs: options.keysTimeoutMs ?? 2_000,
    onError: options.onKeyError ?? (() => undefined),
    onChange: () => verified.clear(),
  });

  const keyOf = async ({ kid }: JWTHeaderParameters) => {
    const key = kid === undefined ? undefined : await keys.find(kid);
    if (key === undefined) throw invalidToken();
    return key;
  };

  const check = async (token: string): Promise<AccessClaims> => {
    const { payload } = await jwtVerify(token, keyOf, {
      algorithms: ['ES256'],
      issuer: options.issuer,
      audience: options.audience,
      typ: accessTokenType,
      requiredClaims: ['sub', 'exp', 'iat'],
      clockTolerance: clockToleranceSeconds,
    });
    return accessClaims.parse(payload);
  };

  return {
    async verify(token) {
      // Without this, a server that sees only remembered tokens would never learn that a key was withdrawn.
      keys.renewIfOld();
      const known = verified.get(token);
      if (known !== undefined) return known;
      if (token.length > longestToken) throw invalidToken();
      try {
        const claims = await check(token);
        verified.set(token, claims);
        return claims;
      } catch (error) {
        throw error instanceof AppError ? error : invalidToken(error);
      }
    },

    async warmUp(signal) {
      // Doubling: a start in which all services begin at once needs a second try, an outage should not fill the log.
      for (let waitMs = 1_000; !signal.aborted && !(await keys.fill()); waitMs = Math.min(2 * waitMs, 15_000)) {
        await sleep(waitMs, undefined, { signal, ref: false }).catch(() => undefined); // rejects only when it is to end
      }
    },
  };
}

/** The token of an `Authorization: Bearer …` header; undefined for any other scheme and for a malformed header. */
export const bearerToken = (header: string | undefined): string | undefined => /^Bearer ([\w.~+/-]+=*)$/i.exec(header ?? '')?.[1];
