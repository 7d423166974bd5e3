import { type Queryable, sql, type Transaction } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import type { Revocation } from './revocation.ts';

interface RevocationRow {
  seq: string; // int8 arrives as text; a counter stays far below 2^53
  session_id: string;
  ended_at: Date;
}

/** The list of ended sessions that every reader of access tokens polls. */
@Injectable()
export class RevocationRepository {
  async insert(tx: Transaction, sessionIds: readonly string[], endedAt: Date): Promise<void> {
    await tx.execute(sql`
      insert into revocations (session_id, ended_at) select id, ${endedAt} from unnest(${sessionIds}::uuid[]) as ended (id)
    `);
  }

  async listAfter(db: Queryable, seq: number, window: { youngerThanMs: number; limit: number }): Promise<Revocation[]> {
    const rows = await db.query<RevocationRow>(sql`
      select seq, session_id, ended_at
        from revocations
       where seq > ${seq} and recorded_at >= clock_timestamp() - ${window.youngerThanMs}::int8 * interval '1 millisecond'
       order by seq
       limit ${window.limit}
    `);
    return rows.map((row) => ({ seq: Number(row.seq), sessionId: row.session_id, endedAt: row.ended_at }));
  }

  /** The newest number there is, and the newest of those recorded at least this long ago; 0 when there is none. */
  async marks(db: Queryable, settledAfterMs: number): Promise<{ newest: number; settled: number }> {
    const [row] = await db.query<{ newest: string; settled: string }>(sql`
      select coalesce((select max(seq) from revocations), 0) as newest,
             coalesce((select max(seq) from revocations
                        where recorded_at < clock_timestamp() - ${settledAfterMs}::int8 * interval '1 millisecond'), 0) as settled
    `);
    return { newest: Number(row?.newest ?? 0), settled: Number(row?.settled ?? 0) };
  }

  async deleteBefore(tx: Transaction, before: Date, limit: number): Promise<number> {
    return tx.execute(sql`
      delete from revocations where seq in (select seq from revocations where recorded_at < ${before} order by seq limit ${limit})
    `);
  }
}
