import { roleNotAllowed } from './access.errors.ts';

/** Who may call a route. The services check again, and check ownership. */
export type Access = 'anyone' | 'user' | 'staff' | 'admin';

type Role = 'customer' | 'support' | 'admin';

const roles: Record<Exclude<Access, 'anyone'>, readonly Role[]> = {
  user: ['customer', 'support', 'admin'],
  staff: ['support', 'admin'],
  admin: ['admin'],
};

/** Raises AppError 403 when the role does not open the route. */
export function checkRole(access: Exclude<Access, 'anyone'>, role: Role): void {
  if (!roles[access].includes(role)) throw roleNotAllowed();
}
