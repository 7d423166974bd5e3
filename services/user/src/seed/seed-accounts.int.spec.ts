import { verifyPassword } from '@emporium/auth';
import { sql } from '@emporium/postgres';
import { testDatabase } from '@emporium/testing';
import { describe, expect, it } from 'vitest';
import { AccountRepository } from '../accounts/account.repository.ts';
import { migrations } from '../migrations.ts';
import { seedAccounts } from './seed-accounts.ts';

describe('the development accounts', () => {
  const db = testDatabase('seed', { migrations });
  const passwordIs = async (email: string, password: string) =>
    verifyPassword((await new AccountRepository().findCredentials(db, email))?.passwordHash, password);

  it('are never made in production', async () => {
    await expect(seedAccounts(db, { nodeEnv: 'production' })).rejects.toThrow('production');

    expect(await db.query(sql`select 1 from accounts`)).toEqual([]);
  });

  it('are an administrator and a customer with documented passwords, however often they are seeded', async () => {
    await seedAccounts(db, { nodeEnv: 'development' });
    await seedAccounts(db, { nodeEnv: 'development' });

    expect(await db.query(sql`select email, role from accounts order by email`)).toEqual([
      { email: 'admin@emporium.test', role: 'admin' },
      { email: 'customer@emporium.test', role: 'customer' },
    ]);
    expect(await passwordIs('admin@emporium.test', 'emporium-admin-development')).toBe(true);
    expect(await passwordIs('customer@emporium.test', 'emporium-customer-development')).toBe(true);
  });

  it('take the passwords they are given, also later', async () => {
    const settings = { nodeEnv: 'development', adminPassword: 'short', customerPassword: 'emporium-customer-development' };

    await seedAccounts(db, settings);

    expect(await passwordIs('admin@emporium.test', 'short')).toBe(true);
    expect(await passwordIs('customer@emporium.test', 'emporium-customer-development')).toBe(true);
  });
});
