import { randomUUID } from 'node:crypto';
import { hashPassword, passwordNeedsRehash } from '@emporium/auth';
import { AppError } from '@emporium/errors';
import { isUniqueViolation, Postgres, type Queryable, type Transaction } from '@emporium/postgres';
import { currentContext } from '@emporium/telemetry';
import { Injectable } from '@nestjs/common';
import { accountNotFound, emailTaken, passwordRefused } from './account.errors.ts';
import { accountMetrics } from './account.metrics.ts';
import { type AccountFilter, AccountRepository } from './account.repository.ts';
import { type Account, type Credentials, normaliseEmail, openAccount, type Role } from './account.ts';
import { refusalOf } from './password.ts';
import { PasswordSettings } from './password-settings.ts';

@Injectable()
export class AccountService {
  constructor(
    private readonly postgres: Postgres,
    private readonly accounts: AccountRepository,
    private readonly passwords: PasswordSettings,
  ) {}

  async register(person: { email: string; password: string; name: string; role?: Role }): Promise<Account> {
    const account = openAccount({ ...person, id: randomUUID(), at: new Date() });
    // Hashed before the transaction: 30 ms of computing must not hold a connection.
    const passwordHash = await this.hashNew(person.password, account, 'password');

    await this.postgres.transaction(async (tx) => {
      await this.accounts.insert(tx, account, passwordHash).catch((error: unknown) => {
        throw isUniqueViolation(error, 'accounts_email_key') ? emailTaken() : error;
      });
    });

    accountMetrics.registered();
    return account;
  }

  async get(id: string): Promise<Account> {
    const account = await this.accounts.findById(this.postgres, id);
    if (account === undefined) throw accountNotFound(id);
    return account;
  }

  find(db: Queryable, id: string): Promise<Account | undefined> {
    return this.accounts.findById(db, id);
  }

  async rename(id: string, name: string): Promise<Account> {
    const account = await this.postgres.transaction((tx) => this.accounts.rename(tx, id, name, new Date()));
    if (account === undefined) throw accountNotFound(id);
    return account;
  }

  list(filter: AccountFilter): Promise<Account[]> {
    return this.accounts.list(this.postgres, filter);
  }

  findCredentials(email: string): Promise<Credentials | undefined> {
    return this.accounts.findCredentials(this.postgres, normaliseEmail(email));
  }

  async credentialsOf(id: string): Promise<Credentials> {
    const credentials = await this.accounts.findCredentialsById(this.postgres, id);
    if (credentials === undefined) throw accountNotFound(id);
    return credentials;
  }

  /** Hash of a password that passed the rule; the refusal names the field it came in. */
  async hashNew(password: string, person: { email: string; name: string }, field: string): Promise<string> {
    const refusal = refusalOf(password, person, this.passwords);
    if (refusal !== undefined) throw passwordRefused(field, refusal);
    return hashPassword(password, { deadline: currentContext()?.deadline });
  }

  /**
   * After a right password: makes its hash anew if that was made more cheaply than is usual today. Whoever signs in at the same moment
   * finds another hash than the one he checked. Without the capacity for it the next sign-in does it.
   */
  async renewHash(id: string, password: string, from: string): Promise<void> {
    if (!passwordNeedsRehash(from)) return;
    try {
      const to = await hashPassword(password, { deadline: currentContext()?.deadline });
      await this.postgres.transaction((tx) => this.accounts.renewHash(tx, id, { from, to }));
      accountMetrics.rehashed('renewed');
    } catch (error) {
      if (!(error instanceof AppError) || (error.kind !== 'unavailable' && error.kind !== 'timeout')) throw error;
      accountMetrics.rehashed('put-off');
    }
  }

  /** False when the password changed since it was checked. */
  changePassword(tx: Transaction, id: string, change: { from: string; to: string }): Promise<boolean> {
    return this.accounts.changePassword(tx, id, { ...change, at: new Date() });
  }

  async changeRole(tx: Transaction, id: string, role: Role): Promise<Account> {
    const account = await this.accounts.changeRole(tx, id, role, new Date());
    if (account === undefined) throw accountNotFound(id);
    return account;
  }

  holdWithPassword(tx: Transaction, id: string, passwordHash: string): Promise<Account | undefined> {
    return this.accounts.holdWithPassword(tx, id, passwordHash);
  }

  async lock(tx: Transaction, id: string): Promise<Account> {
    const account = await this.accounts.lock(tx, id);
    if (account === undefined) throw accountNotFound(id);
    return account;
  }

  lockAdmins(tx: Transaction): Promise<string[]> {
    return this.accounts.lockAdmins(tx);
  }
}
