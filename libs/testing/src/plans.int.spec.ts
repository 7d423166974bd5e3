import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from '@emporium/postgres';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { nodesOf, readWhole } from './plan.ts';
import type { ReportedPlan } from './plan-report.ts';
import { explain, planModes, statementsOf } from './plans.ts';
import { testDatabase } from './test-database.ts';

describe('plans', () => {
  const db = testDatabase('plans');

  beforeAll(async () => {
    await db.define(`
      create table things (id int8 primary key, name text, hash bytea, at timestamptz);
      insert into things select n, 'it''s ' || n, sha256(n::text::bytea), now() from generate_series(1, 20000) n;
    `);
    await db.define('vacuum (analyze) things');
  });

  describe.each(planModes)('with %s', (mode) => {
    it('show a table that is read whole', async () => {
      const plan = await explain(db, sql`select id from things where name = ${"it's 7"}`, mode);

      expect(readWhole(plan)).toEqual(['things']);
    });

    it('show one that is read whole below other steps', async () => {
      const statement = sql`select t.id from things t where exists (select from things u where u.name = t.name || ${'x'}) order by t.at`;

      expect(readWhole(await explain(db, statement, mode))).toEqual(['things', 'things']);
    });

    it('show an index that is used instead', async () => {
      const plan = await explain(db, sql`select name from things where id = ${7}`, mode);

      expect(readWhole(plan)).toEqual([]);
      expect(nodesOf(plan).map((node) => node['Index Name'])).toContain('things_pkey');
    });

    it('take values of every kind, and change nothing', async () => {
      const statement = sql`
        update things
           set name = ${null}, hash = ${Buffer.from([0, 39, 255])}, at = ${new Date(0)}
         where id = any(${[1, 2]}::int8[]) and name = any(${['a,b', '"', "it's 1", '\\']}::text[])
      `;

      expect(readWhole(await explain(db, statement, mode))).toEqual([]);
      expect(await db.query(sql`select 1 from things where name is null`)).toEqual([]);
    });
  });

  it('are reported with what was read, of rows that exist, when somebody asks; and what was changed is undone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plans-'));
    vi.stubEnv('EXPLAIN_REPORT', join(folder, 'plans.jsonl'));
    await db.define(
      'create table keyed (id uuid primary key, n int); insert into keyed select gen_random_uuid(), n from generate_series(1, 2000) n; analyze keyed',
    );
    try {
      await explain(db, sql`update keyed set n = 0 where id = ${randomUUID()}`, 'force_custom_plan');
      await explain(db, sql`insert into keyed (id) select id from keyed`, 'force_custom_plan');

      const lines = (await readFile(join(folder, 'plans.jsonl'), 'utf8')).trim().split('\n');
      const [update, insert] = lines.map((line): ReportedPlan => JSON.parse(line));
      expect(update).toMatchObject({ mode: 'force_custom_plan', nodes: ['ModifyTable keyed', 'Index Scan keyed_pkey'] });
      expect(update?.pages).toBeGreaterThan(2);
      expect(update?.test).toMatch(/are reported/);
      expect(insert?.pages).toBeUndefined();
      expect(await db.query(sql`select 1 from keyed where n = 0`)).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
      await rm(folder, { recursive: true });
    }
  });

  it('are of every statement that a call would send, and none is sent', async () => {
    const statements = await statementsOf(async (recorder) => {
      const rows = await recorder.query(sql`select id from things`);
      const changed = await recorder.execute(sql`delete from things`);
      expect([rows, changed]).toEqual([[], 1]);
    });

    expect(statements.map(({ text }) => text)).toEqual(['select id from things', 'delete from things']);
    expect(await db.query(sql`select count(*)::int as n from things`)).toEqual([{ n: 20_000 }]);
  });
});
