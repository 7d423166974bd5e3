import { createPublicKey } from 'node:crypto';
import { calculateJwkThumbprint, type JSONWebKeySet, type JWK, SignJWT } from 'jose';
import { type AccessClaims, accessTokenType, longestAccessTokenSeconds } from './access-token.ts';
import { readPrivateKey } from './keys.ts';

/** `previousKeys`: public keys of a retired signer, published until the tokens it signed have expired. */
export interface AccessTokenSignerOptions {
  /** ES256, as PKCS8 PEM or JWK JSON. */
  privateKey: string;
  issuer: string;
  audience: string;
  /** 1 to 900. */
  lifetimeSeconds: number;
  previousKeys?: JSONWebKeySet;
}

/** The user service's side: makes access tokens and publishes what checks them. */
export interface AccessTokenSigner {
  sign(claims: Pick<AccessClaims, 'sub' | 'role' | 'sid'>): Promise<string>;
  jwks(): Promise<JSONWebKeySet>;
}

/** Raises a plain Error at once for an unusable key or life. The key's id is its RFC 7638 thumbprint, so it changes with the key. */
export function createAccessTokenSigner(options: AccessTokenSignerOptions): AccessTokenSigner {
  const { issuer, audience, lifetimeSeconds } = options;
  if (!(Number.isInteger(lifetimeSeconds) && lifetimeSeconds >= 1 && lifetimeSeconds <= longestAccessTokenSeconds)) {
    throw new Error(`The life of an access token must be 1 to ${longestAccessTokenSeconds} seconds.`);
  }
  const privateKey = readPrivateKey(options.privateKey, 'ES256');
  const publicKey = createPublicKey(privateKey).export({ format: 'jwk' }) as JWK;
  const keyId = calculateJwkThumbprint(publicKey);

  return {
    async sign({ sub, role, sid }) {
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT({ role, sid })
        .setProtectedHeader({ alg: 'ES256', kid: await keyId, typ: accessTokenType })
        .setSubject(sub)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(now)
        .setExpirationTime(now + lifetimeSeconds)
        .sign(privateKey);
    },

    async jwks() {
      return { keys: [{ ...publicKey, kid: await keyId, alg: 'ES256', use: 'sig' }, ...(options.previousKeys?.keys ?? [])] };
    },
  };
}
