import type { UserResponse } from '@emporium/contracts/user';
import type { Account } from './account.ts';

export const toUserResponse = (account: Account): UserResponse => ({
  id: account.id,
  email: account.email,
  name: account.name,
  role: account.role,
  createdAt: account.createdAt.toISOString(),
  updatedAt: account.updatedAt.toISOString(),
});
