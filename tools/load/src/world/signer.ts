import type { AccessTokenSigner } from '@emporium/auth';
import { accessTokensOf } from '@emporium/local';

/** What k6 needs to sign tokens for its visitors: `loadtests/lib/world.ts`. */
export interface SignerForVisitors {
  readonly key: Readonly<Record<string, unknown>>;
  readonly keyId: string;
  readonly issuer: string;
  readonly audience: string;
}

/** The keys of a platform's data folder (`keys.json`). */
export async function signersOf(keysFile: string): Promise<{ signer: AccessTokenSigner; forVisitors: SignerForVisitors }> {
  const { signer, privateKey, issuer, audience } = accessTokensOf(keysFile);
  const [published] = (await signer.jwks()).keys;
  if (published?.kid === undefined) throw new Error(`${keysFile} has no key to sign with.`);
  const { kty, crv, x, y, d } = JSON.parse(privateKey) as Record<string, unknown>;
  return { signer, forVisitors: { key: { kty, crv, x, y, d }, keyId: published.kid, issuer, audience } };
}
