import type { Access } from '../routing/routes.ts';
import { invalidToken, notAllowed, tokenNeeded } from './access.errors.ts';

type Role = 'customer' | 'support' | 'admin';

const roles: Record<Exclude<Access, 'anyone'>, readonly Role[]> = {
  user: ['customer', 'support', 'admin'],
  staff: ['support', 'admin'],
  admin: ['admin'],
};

/** @throws AppError 403 when the role does not open the route */
export function checkRole(access: Exclude<Access, 'anyone'>, role: Role): void {
  if (!roles[access].includes(role)) throw notAllowed();
}

/** The token of an `Authorization` header. @throws AppError 401 */
export function bearerToken(header: string | undefined): string {
  if (header === undefined) throw tokenNeeded();
  const token = /^Bearer ([A-Za-z0-9_.-]{1,4096})$/i.exec(header)?.[1];
  if (token === undefined) throw invalidToken();
  return token;
}
