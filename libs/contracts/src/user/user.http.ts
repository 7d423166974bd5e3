import { z } from 'zod';
import { address, cursor, id, integerText, line, moment, pageOf, role } from '../primitives.ts';

/** Lower-cased and trimmed, so that one person has one account. */
export const email = z.string().trim().toLowerCase().max(254).pipe(z.email());

/** Length and blocklist are settings of the user service; the bounds here only keep hashing affordable. */
const password = z.string().min(1).max(128);

/** Body of POST /v1/auth/register. */
export const registerRequest = z.strictObject({ email, password, name: line(120) });
export type RegisterRequest = z.infer<typeof registerRequest>;

/** Body of POST /v1/auth/login. `code` is the second factor, for accounts that have one. */
export const loginRequest = z.strictObject({ email, password, code: z.string().min(1).max(64).optional() });
export type LoginRequest = z.infer<typeof loginRequest>;

/** Body of POST /v1/auth/refresh. */
export const refreshRequest = z.strictObject({ refreshToken: z.string().min(1).max(512) });
export type RefreshRequest = z.infer<typeof refreshRequest>;

/** Answer of login and refresh. */
export const tokensResponse = z.object({
  accessToken: z.string(),
  refreshToken: z.string(),
  tokenType: z.literal('Bearer'),
  expiresIn: z.int(),
});
export type TokensResponse = z.infer<typeof tokensResponse>;

/** A person, as itself and administrators see it. */
export const userResponse = z.object({
  id,
  email: z.string(),
  name: z.string(),
  role,
  createdAt: moment,
  updatedAt: moment,
});
export type UserResponse = z.infer<typeof userResponse>;

/** Body of PATCH /v1/users/me. */
export const updateProfileRequest = z
  .strictObject({ name: line(120).optional() })
  .refine((body) => Object.keys(body).length > 0, 'names at least one field to change');
export type UpdateProfileRequest = z.infer<typeof updateProfileRequest>;

/** Body of POST /v1/users/me/password. */
export const changePasswordRequest = z.strictObject({ currentPassword: password, newPassword: password });
export type ChangePasswordRequest = z.infer<typeof changePasswordRequest>;

/** One kept address. */
export const addressResponse = address.extend({ id, createdAt: moment });
export type AddressResponse = z.infer<typeof addressResponse>;
export const addressListResponse = pageOf(addressResponse);

/** One session: a device that signed in. */
export const sessionResponse = z.object({
  id,
  createdAt: moment,
  lastUsedAt: moment,
  userAgent: z.string().nullable(),
  current: z.boolean(),
});
export type SessionResponse = z.infer<typeof sessionResponse>;
export const sessionListResponse = pageOf(sessionResponse);

/** Query of GET /v1/admin/users. */
export const userListQuery = z.object({
  limit: integerText(1, 100).default(20),
  cursor: cursor.optional(),
  email: z.string().max(254).optional(),
});
export type UserListQuery = z.infer<typeof userListQuery>;
export const userListResponse = pageOf(userResponse);

/** Body of PATCH /v1/admin/users/{id}. */
export const changeRoleRequest = z.strictObject({ role });
export type ChangeRoleRequest = z.infer<typeof changeRoleRequest>;

/** Public half of the keys that sign access tokens (RFC 7517). */
export const jwksResponse = z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string() })) });

/** Query of GET /internal/revocations. */
export const revocationQuery = z.object({ since: integerText(0, Number.MAX_SAFE_INTEGER).default(0) });

/** A full answer of GET /internal/revocations has this many; then there may be more, to be asked for at once. */
export const revocationsPageSize = 10_000;

/** Sessions ended lately; whoever checks tokens polls this and refuses theirs. */
export const revocationsResponse = z.object({
  items: z.array(z.object({ seq: z.int(), sessionId: id, endedAt: moment })),
  next: z.int(),
});
export type RevocationsResponse = z.infer<typeof revocationsResponse>;
