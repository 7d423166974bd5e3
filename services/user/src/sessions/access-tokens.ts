import type { Role } from '../accounts/account.ts';

/** The signer of access tokens, as a token to inject. */
export abstract class AccessTokens {
  abstract sign(claims: { sub: string; role: Role; sid: string }): Promise<string>;
  /** The public half of the keys. */
  abstract jwks(): Promise<{ keys: object[] }>;
}
