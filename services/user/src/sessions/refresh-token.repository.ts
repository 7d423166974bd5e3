import { type Queryable, sql, type Transaction } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import type { SpentToken } from './session.ts';

interface SpentTokenRow {
  session_id: string;
  account_id: string;
  used_at: Date | null;
  expires_at: Date;
  session_lives: boolean;
}

@Injectable()
export class RefreshTokenRepository {
  async insert(tx: Transaction, token: { hash: Buffer; sessionId: string; issuedAt: Date; expiresAt: Date }): Promise<void> {
    await tx.execute(sql`
      insert into refresh_tokens (token_hash, session_id, issued_at, expires_at)
      values (${token.hash}, ${token.sessionId}, ${token.issuedAt}, ${token.expiresAt})
    `);
  }

  /** Marks the token as used and returns its session, for exactly one caller; the others wait and get undefined. */
  async claim(tx: Transaction, hash: Buffer, now: Date): Promise<string | undefined> {
    const [row] = await tx.query<{ session_id: string }>(sql`
      update refresh_tokens set used_at = ${now}
       where token_hash = ${hash} and used_at is null and expires_at > ${now}
      returning session_id
    `);
    return row?.session_id;
  }

  async find(db: Queryable, hash: Buffer, now: Date): Promise<SpentToken | undefined> {
    const [row] = await db.query<SpentTokenRow>(sql`
      select t.session_id, s.account_id, t.used_at, t.expires_at, s.ended_at is null and s.expires_at > ${now} as session_lives
        from refresh_tokens t
        join sessions s on s.id = t.session_id
       where t.token_hash = ${hash}
    `);
    return row && toSpentToken(row);
  }

  async deleteOver(tx: Transaction, before: Date, limit: number): Promise<number> {
    return tx.execute(sql`
      delete from refresh_tokens
       where token_hash in (select token_hash from refresh_tokens where expires_at < ${before} limit ${limit})
    `);
  }
}

const toSpentToken = (row: SpentTokenRow): SpentToken => ({
  sessionId: row.session_id,
  accountId: row.account_id,
  usedAt: row.used_at ?? undefined,
  expiresAt: row.expires_at,
  sessionLives: row.session_lives,
});
