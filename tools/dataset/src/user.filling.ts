import type { Filling } from './fill.ts';
import type { Size } from './size.ts';

export const userAddress = (number: number | string): string => `customer-${number}@dataset.test`;

/** Accounts that all have the same password, their addresses, and sessions and sign-ins of a part of them. */
export const userFilling = ({ users, until }: Size, passwordHash: string): Filling => ({
  isFilled: `select from accounts where email = '${userAddress(1)}'`,
  fills: [
    {
      table: 'accounts',
      from: 1,
      to: users,
      rowsEach: 1,
      statement: `
        insert into accounts (id, email, name, role, password_hash, created_at, updated_at)
        select pg_temp.id('user', n), 'customer-' || n || '@dataset.test', 'Customer ' || n, 'customer', '${passwordHash}', at, at
          from generate_series(:from::int8, :to::int8) n,
               lateral (select '${until.toISOString()}'::timestamptz - (${users} - n) * interval '1 minute' as at) moment`,
    },
    {
      table: 'addresses',
      from: 1,
      to: users,
      rowsEach: 1.5,
      statement: `
        insert into addresses (id, account_id, name, line1, city, postal_code, country, created_at)
        select pg_temp.id('address', n * 2 + l), pg_temp.id('user', n), 'Customer ' || n, l || ' Long Street', 'London', 'SW1Y 4JH', 'GB',
               '${until.toISOString()}'::timestamptz - (${users} - n) * interval '1 minute' + l * interval '1 second'
          from generate_series(:from::int8, :to::int8) n, generate_series(0, 1) l
         where l <= pg_temp.pick(n, 20, 2)`,
    },
    {
      table: 'sessions',
      from: 1,
      to: users,
      rowsEach: 0.2,
      statement: `
        insert into sessions (id, account_id, created_at, last_used_at, expires_at, ended_at, end_cause)
        select pg_temp.id('session', n), pg_temp.id('user', n), at, at, at + interval '90 days',
               case when pg_temp.pick(n, 22, 2) = 0 then at end, case when pg_temp.pick(n, 22, 2) = 0 then 'logout' end
          from generate_series(:from::int8, :to::int8) n,
               lateral (select '${until.toISOString()}'::timestamptz - pg_temp.pick(n, 23, 10) * interval '1 day' as at) moment
         where pg_temp.pick(n, 21, 5) = 0`,
    },
    {
      table: 'refresh_tokens',
      from: 1,
      to: users,
      rowsEach: 0.2,
      statement: `
        insert into refresh_tokens (token_hash, session_id, issued_at, expires_at, used_at)
        select sha256(('token:' || n)::bytea), pg_temp.id('session', n), at, at + interval '14 days', null
          from generate_series(:from::int8, :to::int8) n,
               lateral (select '${until.toISOString()}'::timestamptz - pg_temp.pick(n, 23, 10) * interval '1 day' as at) moment
         where pg_temp.pick(n, 21, 5) = 0`,
    },
    {
      table: 'sign_ins',
      from: 1,
      to: users,
      rowsEach: 1,
      statement: `
        insert into sign_ins (at, outcome, account_id, session_id)
        select '${until.toISOString()}'::timestamptz - pg_temp.pick(n, 24, 150) * interval '1 day', 'succeeded', pg_temp.id('user', n), null
          from generate_series(:from::int8, :to::int8) n`,
    },
  ],
});
