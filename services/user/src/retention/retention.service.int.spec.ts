import { sql } from '@emporium/postgres';
import { testDatabase } from '@emporium/testing';
import { describe, expect, it } from 'vitest';
import { buildServices, day, newEmail, origin, outcomes, signedIn } from '../../test/build-services.ts';
import { migrations } from '../migrations.ts';

describe('retention', () => {
  const db = testDatabase('retention', { migrations });
  const services = buildServices(db);
  const { retention, sessions } = services;

  const later = (days: number) => new Date(Date.now() + days * day);
  const count = async (): Promise<Record<string, number>> => {
    const [row] = await db.query<Record<string, number>>(sql`
      select (select count(*)::int from sessions) as sessions, (select count(*)::int from refresh_tokens) as tokens,
             (select count(*)::int from revocations) as revocations, (select count(*)::int from sign_in_attempts) as attempts,
             (select count(*)::int from sign_ins) as audit
    `);
    return row ?? {};
  };

  it('deletes what is over, each kind after its time, and nothing that lives', async () => {
    const ended = await signedIn(services);
    await sessions.logout(ended.account.id, ended.sessionId);
    await signedIn(services);
    await outcomes([sessions.login(newEmail(), 'wrong', origin)]);
    expect(await count()).toEqual({ sessions: 2, tokens: 2, revocations: 1, attempts: 1, audit: 3 });

    expect(await retention.purge(new Date())).toBe(0);

    await retention.purge(later(2));
    expect(await count()).toEqual({ sessions: 2, tokens: 2, revocations: 0, attempts: 0, audit: 3 });

    await retention.purge(later(15));
    expect(await count()).toMatchObject({ sessions: 2, tokens: 0 });

    await retention.purge(later(31));
    expect(await count()).toMatchObject({ sessions: 1 });

    await retention.purge(later(181));
    expect(await count()).toMatchObject({ sessions: 0, audit: 0 });
  });

  it('takes many rows in several steps and stops between them when asked to', async () => {
    await db.execute(sql`
      insert into sign_ins (at, outcome) select now() - interval '1 year', 'failed' from generate_series(1, 2500)
    `);

    await retention.tasks['purge-expired']({}, { signal: AbortSignal.abort() });
    expect((await count()).audit).toBe(1_500);

    await retention.tasks['purge-expired']({}, { signal: new AbortController().signal });
    expect((await count()).audit).toBe(0);
  });
});
