import { empty, type Queryable, sql, type Transaction } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import type { Account, Credentials, Role } from './account.ts';

interface AccountRow {
  id: string;
  email: string;
  name: string;
  role: Role;
  created_at: Date;
  updated_at: Date;
}

type CredentialsRow = AccountRow & { password_hash: string };

export interface AccountFilter {
  readonly emailPrefix?: string;
  readonly after?: { readonly createdAt: Date; readonly id: string };
  readonly limit: number;
}

@Injectable()
export class AccountRepository {
  async insert(tx: Transaction, account: Account, passwordHash: string): Promise<void> {
    await tx.execute(sql`
      insert into accounts (id, email, name, role, password_hash, created_at, updated_at)
      values (${account.id}, ${account.email}, ${account.name}, ${account.role}, ${passwordHash}, ${account.createdAt}, ${account.updatedAt})
    `);
  }

  async findById(db: Queryable, id: string): Promise<Account | undefined> {
    const [row] = await db.query<AccountRow>(sql`
      select id, email, name, role, created_at, updated_at from accounts where id = ${id}
    `);
    return row && toAccount(row);
  }

  async findCredentials(db: Queryable, email: string): Promise<Credentials | undefined> {
    const [row] = await db.query<CredentialsRow>(sql`
      select id, email, name, role, created_at, updated_at, password_hash from accounts where email = ${email}
    `);
    return row && toCredentials(row);
  }

  async findCredentialsById(db: Queryable, id: string): Promise<Credentials | undefined> {
    const [row] = await db.query<CredentialsRow>(sql`
      select id, email, name, role, created_at, updated_at, password_hash from accounts where id = ${id}
    `);
    return row && toCredentials(row);
  }

  /** Newest first. */
  async list(db: Queryable, { emailPrefix, after, limit }: AccountFilter): Promise<Account[]> {
    const rows = await db.query<AccountRow>(sql`
      select id, email, name, role, created_at, updated_at
        from accounts
       where true
         ${emailPrefix === undefined ? empty : sql`and email like ${`${escapeLike(emailPrefix)}%`}`}
         ${after === undefined ? empty : sql`and (created_at, id) < (${after.createdAt}, ${after.id})`}
       order by created_at desc, id desc
       limit ${limit}
    `);
    return rows.map(toAccount);
  }

  async rename(tx: Transaction, id: string, name: string, at: Date): Promise<Account | undefined> {
    const [row] = await tx.query<AccountRow>(sql`
      update accounts set name = ${name}, updated_at = ${at} where id = ${id}
      returning id, email, name, role, created_at, updated_at
    `);
    return row && toAccount(row);
  }

  /** Writes only over the password that was checked; returns whether it did. */
  async changePassword(tx: Transaction, id: string, change: { from: string; to: string; at: Date }): Promise<boolean> {
    const changed = await tx.execute(sql`
      update accounts set password_hash = ${change.to}, updated_at = ${change.at}
       where id = ${id} and password_hash = ${change.from}
    `);
    return changed === 1;
  }

  /** The same password under another hash: not a change that anybody would call one. Writes only over the hash that was checked. */
  async renewHash(tx: Transaction, id: string, hashes: { from: string; to: string }): Promise<void> {
    await tx.execute(sql`update accounts set password_hash = ${hashes.to} where id = ${id} and password_hash = ${hashes.from}`);
  }

  async changeRole(tx: Transaction, id: string, role: Role, at: Date): Promise<Account | undefined> {
    const [row] = await tx.query<AccountRow>(sql`
      update accounts set role = ${role}, updated_at = ${at} where id = ${id}
      returning id, email, name, role, created_at, updated_at
    `);
    return row && toAccount(row);
  }

  /** The account as long as this is its password; keeps password and role as they are until the transaction ends. */
  async holdWithPassword(tx: Transaction, id: string, passwordHash: string): Promise<Account | undefined> {
    const [row] = await tx.query<AccountRow>(sql`
      select id, email, name, role, created_at, updated_at
        from accounts
       where id = ${id} and password_hash = ${passwordHash}
         for share
    `);
    return row && toAccount(row);
  }

  /** Makes writers of one account wait for each other. */
  async lock(tx: Transaction, id: string): Promise<Account | undefined> {
    const [row] = await tx.query<AccountRow>(sql`
      select id, email, name, role, created_at, updated_at from accounts where id = ${id} for no key update
    `);
    return row && toAccount(row);
  }

  /** Every administrator, held until the transaction ends, in an order that cannot deadlock. */
  async lockAdmins(tx: Transaction): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(sql`
      select id from accounts where role = 'admin' order by id for no key update
    `);
    return rows.map(({ id }) => id);
  }
}

const escapeLike = (text: string) => text.replaceAll(/[\\%_]/g, '\\$&');

const toAccount = (row: AccountRow): Account => ({
  id: row.id,
  email: row.email,
  name: row.name,
  role: row.role,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

const toCredentials = (row: CredentialsRow): Credentials => ({ account: toAccount(row), passwordHash: row.password_hash });
