import { type Queryable, sql, type Transaction } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import type { Attempts } from './lockout.ts';

interface AttemptRow {
  failures: number;
  last_attempt_at: Date;
  locked_until: Date | null;
}

/** Wrong guesses per e-mail address, by the hash of the address. */
@Injectable()
export class AttemptRepository {
  async find(db: Queryable, emailHash: Buffer): Promise<Attempts | undefined> {
    const [row] = await db.query<AttemptRow>(sql`
      select failures, last_attempt_at, locked_until from sign_in_attempts where email_hash = ${emailHash}
    `);
    return row && toAttempts(row);
  }

  /** The count, held until the transaction ends; made when there is none. */
  async lock(tx: Transaction, emailHash: Buffer, now: Date): Promise<Attempts> {
    const [row] = await tx.query<AttemptRow>(sql`
      insert into sign_in_attempts (email_hash, failures, last_attempt_at) values (${emailHash}, 0, ${now})
      on conflict (email_hash) do update set email_hash = excluded.email_hash
      returning failures, last_attempt_at, locked_until
    `);
    if (row === undefined) throw new Error('An upsert returned no row.');
    return toAttempts(row);
  }

  async save(tx: Transaction, emailHash: Buffer, attempts: Attempts): Promise<void> {
    await tx.execute(sql`
      update sign_in_attempts
         set failures = ${attempts.failures}, last_attempt_at = ${attempts.lastAttemptAt}, locked_until = ${attempts.lockedUntil ?? null}
       where email_hash = ${emailHash}
    `);
  }

  async forget(tx: Transaction, emailHash: Buffer): Promise<void> {
    await tx.execute(sql`delete from sign_in_attempts where email_hash = ${emailHash}`);
  }

  async deleteBefore(tx: Transaction, before: Date, limit: number): Promise<number> {
    return tx.execute(sql`
      delete from sign_in_attempts
       where email_hash in (select email_hash from sign_in_attempts where last_attempt_at < ${before} limit ${limit} for update skip locked)
    `);
  }
}

const toAttempts = (row: AttemptRow): Attempts => ({
  failures: row.failures,
  lastAttemptAt: row.last_attempt_at,
  lockedUntil: row.locked_until ?? undefined,
});
