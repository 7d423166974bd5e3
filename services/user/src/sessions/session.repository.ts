import { empty, type Queryable, sql, type Transaction } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import type { EndCause, Session } from './session.ts';

interface SessionRow {
  id: string;
  account_id: string;
  user_agent: string | null;
  client_address: string | null;
  created_at: Date;
  last_used_at: Date;
  expires_at: Date;
}

export interface SessionFilter {
  readonly accountId: string;
  readonly now: Date;
  readonly after?: { readonly createdAt: Date; readonly id: string };
  readonly limit: number;
}

@Injectable()
export class SessionRepository {
  async insert(tx: Transaction, session: Session): Promise<void> {
    await tx.execute(sql`
      insert into sessions (id, account_id, user_agent, client_address, created_at, last_used_at, expires_at)
      values (
        ${session.id}, ${session.accountId}, ${session.userAgent ?? null}, ${session.clientAddress ?? null},
        ${session.createdAt}, ${session.lastUsedAt}, ${session.expiresAt}
      )
    `);
  }

  /** Those that live, newest first. */
  async list(db: Queryable, { accountId, now, after, limit }: SessionFilter): Promise<Session[]> {
    const rows = await db.query<SessionRow>(sql`
      select id, account_id, user_agent, client_address, created_at, last_used_at, expires_at
        from sessions
       where account_id = ${accountId} and ended_at is null and expires_at > ${now}
         ${after === undefined ? empty : sql`and (created_at, id) < (${after.createdAt}, ${after.id})`}
       order by created_at desc, id desc
       limit ${limit}
    `);
    return rows.map(toSession);
  }

  /** The session if it lives, and holds it so until the transaction ends: whoever wants to end it waits. */
  async use(tx: Transaction, id: string, now: Date): Promise<Session | undefined> {
    const [row] = await tx.query<SessionRow>(sql`
      update sessions set last_used_at = ${now}
       where id = ${id} and ended_at is null and expires_at > ${now}
      returning id, account_id, user_agent, client_address, created_at, last_used_at, expires_at
    `);
    return row && toSession(row);
  }

  /** Ends a live session of this account; returns whether there was one. */
  async end(tx: Transaction, id: string, accountId: string, end: { at: Date; cause: EndCause }): Promise<boolean> {
    const ended = await tx.execute(sql`
      update sessions set ended_at = ${end.at}, end_cause = ${end.cause}
       where id = ${id} and account_id = ${accountId} and ended_at is null
    `);
    return ended === 1;
  }

  /** Ends every live session of an account but `except`; returns their ids. */
  async endAll(tx: Transaction, accountId: string, end: { at: Date; cause: EndCause; except?: string }): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(sql`
      update sessions set ended_at = ${end.at}, end_cause = ${end.cause}
       where account_id = ${accountId} and ended_at is null
         ${end.except === undefined ? empty : sql`and id <> ${end.except}`}
      returning id
    `);
    return rows.map(({ id }) => id);
  }

  /** Their refresh tokens go with them. */
  async deleteOver(tx: Transaction, before: Date, limit: number): Promise<number> {
    return tx.execute(sql`
      delete from sessions
       where id in (
         (select id from sessions where ended_at < ${before} limit ${limit})
         union
         (select id from sessions where expires_at < ${before} limit ${limit})
       )
    `);
  }
}

const toSession = (row: SessionRow): Session => ({
  id: row.id,
  accountId: row.account_id,
  userAgent: row.user_agent ?? undefined,
  clientAddress: row.client_address ?? undefined,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
  expiresAt: row.expires_at,
});
