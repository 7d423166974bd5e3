import { readFileSync } from 'node:fs';
import { type AccessTokenSigner, createAccessTokenSigner } from '@emporium/auth';

/** What a platform's user service signs access tokens with. */
export interface PlatformAccessTokens {
  readonly signer: AccessTokenSigner;
  /** JWK text. */
  readonly privateKey: string;
  readonly issuer: string;
  readonly audience: string;
}

const issuer = 'https://emporium.example';
const audience = 'emporium';
const lifetimeSeconds = 900;

/**
 * Tokens signed with the key of the platform's own user service, for 15 minutes, so that a crowd of customers costs no password hash. The
 * services ask nobody whether the account exists: a token is all they see of a user. `keysFile` is `keys.json` of the platform's data folder: whoever has it can sign for
 * everybody.
 */
export function accessTokensOf(keysFile: string): PlatformAccessTokens {
  const { accessKey } = JSON.parse(readFileSync(keysFile, 'utf8')) as { accessKey: string };
  const signer = createAccessTokenSigner({ privateKey: accessKey, issuer, audience, lifetimeSeconds });
  return { signer, privateKey: accessKey, issuer, audience };
}
