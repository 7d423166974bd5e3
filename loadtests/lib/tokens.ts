import { b64encode } from 'k6/encoding';
import type { Signer } from './world.ts';

export type Role = 'customer' | 'admin';

const LIFETIME_S = 900;

let imported: ReturnType<typeof crypto.subtle.importKey> | undefined;

/**
 * Signs an access token as the user service would, so that a crowd of customers costs no password hash. The services ask nobody whether
 * the account exists: a token is all they see of a user.
 */
export async function mint({ key, keyId, issuer, audience }: Signer, role: Role): Promise<string> {
  imported ??= crypto.subtle.importKey('jwk', key, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
  const now = Math.floor(Date.now() / 1_000);
  const claims = { role, sid: crypto.randomUUID(), sub: crypto.randomUUID(), iss: issuer, aud: audience, iat: now };
  const head = part({ alg: 'ES256', kid: keyId, typ: 'at+jwt' });
  const body = part({ ...claims, exp: now + LIFETIME_S });
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, await imported, bytes(`${head}.${body}`));
  return `${head}.${body}.${b64encode(signature, 'rawurl')}`;
}

const part = (value: object) => b64encode(JSON.stringify(value), 'rawurl');

/** Only ever ASCII. k6 has no TextEncoder. */
const bytes = (text: string) => new Uint8Array([...text].map((letter) => letter.charCodeAt(0)));
