import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAccessTokenSigner } from '@emporium/auth';

export type Role = 'customer' | 'admin';

const LIFETIME_S = 900;

/** Signs access tokens with the key of the platform's own user service: a crowd of customers costs no password hash. They hold for 15 minutes. */
export function tokensOf(dataDir: string): (who?: { readonly role?: Role; readonly id?: string }) => Promise<string> {
  const { accessKey } = JSON.parse(readFileSync(join(dataDir, 'keys.json'), 'utf8')) as { accessKey: string };
  const signer = createAccessTokenSigner({
    privateKey: accessKey,
    issuer: 'https://emporium.example',
    audience: 'emporium',
    lifetimeSeconds: LIFETIME_S,
  });
  return ({ role = 'customer', id = randomUUID() } = {}) => signer.sign({ sub: id, role, sid: randomUUID() });
}
