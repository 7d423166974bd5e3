import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { accessTokensOf } from '@emporium/local';

export type Role = 'customer' | 'support' | 'admin';

/** Somebody with an access token. */
export interface Person {
  readonly id: string;
  token(): string | Promise<string>;
}

const RENEW_MS = 600_000;

/** Makes people out of nothing. */
export type Mint = (role?: Role) => Person;

export function mintOf(dataDir: string): Mint {
  const { signer } = accessTokensOf(join(dataDir, 'keys.json'));
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
