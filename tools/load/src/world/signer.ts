import { readFileSync } from 'node:fs';
import { type AccessTokenSigner, createAccessTokenSigner } from '@emporium/auth';

const ISSUER = 'https://emporium.example';
const AUDIENCE = 'emporium';
const LIFETIME_S = 900;

/** What k6 needs to sign tokens for its visitors: `loadtests/lib/world.ts`. */
export interface SignerForVisitors {
  readonly key: Readonly<Record<string, unknown>>;
  readonly keyId: string;
  readonly issuer: string;
  readonly audience: string;
}

/** The keys of a platform's data folder (`keys.json`): whoever has them can sign for everybody. */
export async function signersOf(keysFile: string): Promise<{ signer: AccessTokenSigner; forVisitors: SignerForVisitors }> {
  const { accessKey } = JSON.parse(readFileSync(keysFile, 'utf8')) as { accessKey: string };
  const signer = createAccessTokenSigner({
    privateKey: accessKey,
    issuer: ISSUER,
    audience: AUDIENCE,
    lifetimeSeconds: LIFETIME_S,
  });
  const [published] = (await signer.jwks()).keys;
  if (published?.kid === undefined) throw new Error(`${keysFile} has no key to sign with.`);
  const { kty, crv, x, y, d } = JSON.parse(accessKey) as Record<string, unknown>;
  return { signer, forVisitors: { key: { kty, crv, x, y, d }, keyId: published.kid, issuer: ISSUER, audience: AUDIENCE } };
}
