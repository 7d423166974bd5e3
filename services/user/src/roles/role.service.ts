import { Postgres } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import { AccountService } from '../accounts/account.service.ts';
import type { Account, Role } from '../accounts/account.ts';
import { SessionService } from '../sessions/session.service.ts';
import { lastAdmin } from './role.errors.ts';

/** Gives and takes roles. There is always an administrator left, and nobody keeps working under a role that was taken away. */
@Injectable()
export class RoleService {
  constructor(
    private readonly postgres: Postgres,
    private readonly accounts: AccountService,
    private readonly sessions: SessionService,
  ) {}

  async change(accountId: string, role: Role): Promise<Account> {
    return this.postgres.transaction(async (tx) => {
      // All administrators are held: two who demote each other at once decide one after the other.
      const admins = await this.accounts.lockAdmins(tx);
      const account = await this.accounts.lock(tx, accountId);
      if (account.role === role) return account;
      if (account.role === 'admin' && !admins.some((id) => id !== accountId)) throw lastAdmin();

      const changed = await this.accounts.changeRole(tx, accountId, role);
      await this.sessions.endAll(tx, accountId, 'role-changed');
      return changed;
    });
  }
}
