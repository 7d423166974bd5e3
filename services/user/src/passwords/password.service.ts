import { passwordNeedsRehash } from '@emporium/auth';
import { invalidField } from '@emporium/errors';
import { Postgres } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import { AccountService } from '../accounts/account.service.ts';
import { SessionService } from '../sessions/session.service.ts';
import { SignInService } from '../sign-ins/sign-in.service.ts';
import type { Origin } from '../sign-ins/sign-in.ts';

/** Changes a password and signs everybody else out: whoever knew the old one loses what it opened. */
@Injectable()
export class PasswordService {
  constructor(
    private readonly postgres: Postgres,
    private readonly accounts: AccountService,
    private readonly signIns: SignInService,
    private readonly sessions: SessionService,
  ) {}

  async change(
    who: { accountId: string; sessionId: string },
    passwords: { currentPassword: string; newPassword: string },
    origin: Origin,
  ): Promise<void> {
    const { account, passwordHash } = await this.accounts.credentialsOf(who.accountId);
    const guess = { email: account.email, password: passwords.currentPassword, passwordHash, accountId: account.id, origin };
    // Counted like a sign-in, or a stolen access token would be a way to guess without end.
    if (!(await this.signIns.check(guess))) throw wrongPassword();
    const newHash = await this.accounts.hashNew(passwords.newPassword, account, 'newPassword');

    const changed = await this.postgres.transaction(async (tx) => {
      // The account first: whoever signs in holds it before there is a session to end.
      if (!(await this.accounts.changePassword(tx, account.id, { from: passwordHash, to: newHash }))) return false;
      await this.sessions.requireLive(tx, who.sessionId);
      await this.sessions.endAll(tx, account.id, 'password-changed', who.sessionId);
      return true;
    });
    if (changed) return;
    // A sign-in may have renewed an outdated hash meanwhile, which leaves the password as it was.
    if (passwordNeedsRehash(passwordHash)) return this.change(who, passwords, origin);
    throw wrongPassword();
  }
}

const wrongPassword = () => invalidField('currentPassword', 'is not the current password');
