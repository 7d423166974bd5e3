import { type Postgres, type Queryable, sql, type Transaction } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import type { PartResult, Run } from './run.ts';

interface RunRow {
  id: string;
  trigger: Run['trigger'];
  asked_by: string | null;
  since: Date;
  until: Date;
  started_at: Date;
  finished_at: Date | null;
  succeeded: boolean | null;
  parts: PartResult[];
}

const columns = sql`id, trigger, asked_by, since, until, started_at, finished_at, succeeded, parts`;

@Injectable()
export class RunRepository {
  /** Returns false when one is unfinished: there is only ever one. */
  async begin(tx: Transaction, run: Pick<Run, 'id' | 'trigger' | 'askedBy' | 'since' | 'until'>): Promise<boolean> {
    const begun = await tx.execute(sql`
      insert into reconciliation_runs (id, trigger, asked_by, since, until)
      values (${run.id}, ${run.trigger}, ${run.askedBy}, ${run.since}, ${run.until})
      on conflict ((true)) where finished_at is null do nothing
    `);
    return begun === 1;
  }

  async unfinished(db: Queryable): Promise<Run | undefined> {
    const [row] = await db.query<RunRow>(sql`select ${columns} from reconciliation_runs where finished_at is null`);
    return row && toRun(row);
  }

  async lastFinished(db: Queryable): Promise<Run | undefined> {
    const [row] = await db.query<RunRow>(sql`
      select ${columns} from reconciliation_runs where finished_at is not null order by finished_at desc limit 1
    `);
    return row && toRun(row);
  }

  async coveredUntil(db: Queryable): Promise<Date | undefined> {
    const [row] = await db.query<{ covered_until: Date }>(sql`
      select covered_until from reconciliation_runs where covered_until is not null order by covered_until desc limit 1
    `);
    return row?.covered_until;
  }

  async lastSuccess(db: Queryable): Promise<Date | undefined> {
    const [row] = await db.query<{ finished_at: Date }>(sql`
      select finished_at from reconciliation_runs where finished_at is not null and succeeded order by finished_at desc limit 1
    `);
    return row?.finished_at;
  }

  /** The right to work on a run, for a while; undefined while somebody else has it, and when it is finished. A statement of its own. */
  async lease(db: Postgres, id: string, holder: string, leaseMs: number): Promise<Run | undefined> {
    const [row] = await db.query<RunRow>(sql`
      update reconciliation_runs
         set leased_by = ${holder}, leased_until = now() + ${leaseMs}::int8 * interval '1 millisecond'
       where id = ${id} and finished_at is null and (leased_by is null or leased_by = ${holder} or leased_until <= now())
      returning ${columns}
    `);
    return row && toRun(row);
  }

  /** Returns false when the right was lost meanwhile. */
  async finish(
    tx: Transaction,
    { id, holder, parts, coveredUntil }: { id: string; holder: string; parts: readonly PartResult[]; coveredUntil: Date | null },
  ): Promise<boolean> {
    const succeeded = parts.every(({ status }) => status === 'succeeded');
    const finished = await tx.execute(sql`
      update reconciliation_runs
         set finished_at = now(), succeeded = ${succeeded}, parts = ${JSON.stringify(parts)}, covered_until = ${coveredUntil},
             leased_by = null, leased_until = null
       where id = ${id} and leased_by = ${holder} and finished_at is null
    `);
    return finished === 1;
  }

  /** Forgets what ended so long ago, but not how far the books have been compared. */
  purge(db: Postgres, olderThanDays: number): Promise<number> {
    return db.execute(sql`
      delete from reconciliation_runs
       where finished_at < now() - ${olderThanDays}::int * interval '1 day'
         and id is distinct from (select r.id from reconciliation_runs r
                                   where r.covered_until is not null order by r.covered_until desc limit 1)
    `);
  }
}

const toRun = (row: RunRow): Run => ({
  id: row.id,
  trigger: row.trigger,
  askedBy: row.asked_by,
  since: row.since,
  until: row.until,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
  succeeded: row.succeeded,
  parts: row.parts,
});
