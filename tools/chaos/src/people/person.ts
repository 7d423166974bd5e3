import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAccessTokenSigner } from '@emporium/auth';

export type Role = 'customer' | 'support' | 'admin';

/** Somebody with an access token. */
export interface Person {
  readonly id: string;
  token(): string | Promise<string>;
}

const LIFETIME_S = 900;
const RENEW_MS = 600_000;

/** Makes people out of nothing. */
export type Mint = (role?: Role) => Person;

/**
 * Signs access tokens with the key of the platform's own user service, so that a crowd of customers costs no password hash. The services
 * ask nobody whether the account exists: a token is all they see of a user.
 */
export function mintOf(dataDir: string): Mint {
  const { accessKey } = JSON.parse(readFileSync(join(dataDir, 'keys.json'), 'utf8')) as { accessKey: string };
  const signer = createAccessTokenSigner({
    privateKey: accessKey,
    issuer: 'https://emporium.example',
    audience: 'emporium',
    lifetimeSeconds: LIFETIME_S,
  });
  return (role = 'customer') => {
    const claims = { sub: randomUUID(), role, sid: randomUUID() };
    let token: Promise<string> | undefined;
    let renewAt = 0;
    return {
      id: claims.sub,
      token: () => {
        if (token === undefined || Date.now() > renewAt) {
          token = signer.sign(claims);
          renewAt = Date.now() + RENEW_MS;
        }
        return token;
      },
    };
  };
}
