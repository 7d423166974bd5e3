import { SignJWT } from 'jose';
import { readPrivateKey } from './keys.ts';

/** No other kind of JWT passes for a service token. */
export const serviceTokenType = 'svc+jwt';

/** Long enough to be signed rarely, short enough that a leaked one is stale before it is found. */
export const serviceTokenSeconds = 60;

/** Re-signed this long before the end, so that a token in flight outlives its request. */
const spareSeconds = 20;

/** `service` is the caller's own name; `privateKey` is Ed25519 as JWK JSON or PKCS8 PEM (`SERVICE_TOKEN_KEY`). */
export interface ServiceTokenSignerOptions {
  service: string;
  privateKey: string;
}

/** Makes the token with which a service names itself to another. */
export interface ServiceTokenSigner {
  /** A token for one service, life 60 s, kept until 20 s before its end. `scope` defaults to ''. */
  tokenFor(audience: string, scope?: string): Promise<string>;
}

/** Raises a plain Error at once for an unusable key. */
export function createServiceTokenSigner({ service, privateKey }: ServiceTokenSignerOptions): ServiceTokenSigner {
  const key = readPrivateKey(privateKey, 'EdDSA');
  const kept = new Map<string, { token: Promise<string>; until: number }>();

  const sign = (audience: string, scope: string, now: number): Promise<string> =>
    new SignJWT({ scope })
      .setProtectedHeader({ alg: 'EdDSA', kid: service, typ: serviceTokenType })
      .setIssuer(service)
      .setAudience(audience)
      .setIssuedAt(now)
      .setExpirationTime(now + serviceTokenSeconds)
      .sign(key);

  return {
    tokenFor(audience, scope = '') {
      const now = Math.floor(Date.now() / 1000);
      const name = `${audience} ${scope}`;
      const existing = kept.get(name);
      if (existing !== undefined && now < existing.until) return existing.token;

      const token = sign(audience, scope, now);
      kept.set(name, { token, until: now + serviceTokenSeconds - spareSeconds });
      return token;
    },
  };
}
