import { sql } from '@emporium/postgres';
import type { TestDatabase } from '@emporium/testing';

/** Enough for the planner to care: 20,000 accounts, and 20,000 rows of everything else; of the accounts, 2,000 have sessions. */
export async function givenManyAccounts(db: TestDatabase): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute(sql`
      insert into accounts (id, email, name, role, password_hash, created_at, updated_at)
      select md5(n::text)::uuid, md5('e' || n) || '@emporium.test', 'Ada', case n % 2000 when 0 then 'admin' else 'customer' end, 'hash-' || n,
             now() - n * interval '1 minute', now()
        from generate_series(1, 20000) n
    `);
    await tx.execute(sql`
      insert into addresses (id, account_id, name, line1, city, postal_code, country, created_at)
      select gen_random_uuid(), id, 'Ada', 'Street 1', 'London', 'SW1', 'GB', created_at from accounts
    `);
    await tx.execute(sql`
      insert into sessions (id, account_id, created_at, last_used_at, expires_at, ended_at, end_cause)
      select md5('s' || n)::uuid, md5((1 + n % 2000)::text)::uuid, now() - n * interval '1 minute', now(), now() + n * interval '1 minute',
             case n % 2 when 0 then now() - n * interval '1 minute' end, case n % 2 when 0 then 'logout' end
        from generate_series(1, 20000) n
    `);
    await tx.execute(sql`
      insert into refresh_tokens (token_hash, session_id, issued_at, expires_at, used_at)
      select sha256(n::text::bytea), md5('s' || n)::uuid, now(), now() + n * interval '1 minute', case n % 2 when 0 then now() end
        from generate_series(1, 20000) n
    `);
    await tx.execute(sql`
      insert into revocations (session_id, ended_at, recorded_at)
      select md5('s' || n)::uuid, now(), now() - (20000 - n) * interval '0.2 seconds' from generate_series(1, 20000) n
    `);
    await tx.execute(sql`
      insert into sign_in_attempts (email_hash, failures, last_attempt_at)
      select sha256(n::text::bytea), 1, now() - n * interval '1 minute' from generate_series(1, 20000) n
    `);
    await tx.execute(sql`
      insert into sign_ins (at, outcome, account_id)
      select created_at, 'succeeded', id from accounts
    `);
  });
  await db.define('vacuum (analyze) accounts, addresses, sessions, refresh_tokens, revocations, sign_in_attempts, sign_ins');
}
