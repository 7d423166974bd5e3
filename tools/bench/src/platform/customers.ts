import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { accessTokensOf } from '@emporium/local';

export type Role = 'customer' | 'admin';

/** Access tokens that hold for 15 minutes. */
export function tokensOf(dataDir: string): (who?: { readonly role?: Role; readonly id?: string }) => Promise<string> {
  const { signer } = accessTokensOf(join(dataDir, 'keys.json'));
  return ({ role = 'customer', id = randomUUID() } = {}) => signer.sign({ sub: id, role, sid: randomUUID() });
}
