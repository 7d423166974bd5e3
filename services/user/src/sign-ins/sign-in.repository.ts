import { sql, type Transaction } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import type { SignIn } from './sign-in.ts';

/** The audit of sign-ins. Rows are added and, once old, deleted; never changed. */
@Injectable()
export class SignInRepository {
  async insert(tx: Transaction, signIn: SignIn): Promise<void> {
    await tx.execute(sql`
      insert into sign_ins (at, outcome, account_id, session_id, email_hash, client_address, user_agent, request_id)
      values (
        ${signIn.at}, ${signIn.outcome}, ${signIn.accountId ?? null}, ${signIn.sessionId ?? null}, ${signIn.emailHash ?? null},
        ${signIn.origin.clientAddress ?? null}, ${signIn.origin.userAgent ?? null}, ${signIn.origin.requestId ?? null}
      )
    `);
  }

  async deleteBefore(tx: Transaction, before: Date, limit: number): Promise<number> {
    return tx.execute(sql`
      delete from sign_ins where id in (select id from sign_ins where at < ${before} order by at limit ${limit})
    `);
  }
}
