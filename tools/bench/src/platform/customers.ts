import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAccessTokenSigner } from '@emporium/auth';

export type Role = 'customer' | 'admin';

const LIFETIME_S = 900;

/** Signs an access token of somebody new with the key of the platform's own user service: a crowd of customers costs no password hash. */
export function tokensOf(dataDir: string): (role?: Role) => Promise<string> {
  const { accessKey } = JSON.parse(readFileSync(join(dataDir, 'keys.json'), 'utf8')) as { accessKey: string };
  const signer = createAccessTokenSigner({
    privateKey: accessKey,
    issuer: 'https://emporium.example',
    audience: 'emporium',
    lifetimeSeconds: LIFETIME_S,
  });
  return (role = 'customer') => signer.sign({ sub: randomUUID(), role, sid: randomUUID() });
}
