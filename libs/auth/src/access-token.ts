import { z } from 'zod';

/** What a person may do. */
export type Role = 'customer' | 'support' | 'admin';

/** Who an access token speaks for: user, role and session. `exp` and `iat` are epoch seconds. */
export interface AccessClaims {
  sub: string;
  role: Role;
  sid: string;
  exp: number;
  iat: number;
}

/** The shape a verified payload must still have. */
export const accessClaims = z.object({
  sub: z.string().min(1),
  role: z.enum(['customer', 'support', 'admin']),
  sid: z.string().min(1),
  exp: z.int(),
  iat: z.int(),
});

/** RFC 9068: no other kind of JWT by the same issuer passes for an access token. */
export const accessTokenType = 'at+jwt';

/** The longest life of an access token the platform promises. */
export const longestAccessTokenSeconds = 900;
