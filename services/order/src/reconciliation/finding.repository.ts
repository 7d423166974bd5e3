import { randomUUID } from 'node:crypto';
import { type Postgres, type Queryable, sql, type Transaction } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import type { Finding, FindingState, Seen } from './finding.ts';
import type { Part } from './run.ts';

interface FindingRow {
  id: string;
  part: Part;
  kind: string;
  subject_id: string;
  reference: string;
  details: Finding['details'];
  state: FindingState;
  first_seen_at: Date;
  last_seen_at: Date;
  repaired_at: Date | null;
}

export type Judged = Seen & { readonly state: Exclude<FindingState, 'resolved'> };

const columns = sql`id, part, kind, subject_id, reference, details, state, first_seen_at, last_seen_at, repaired_at`;

@Injectable()
export class FindingRepository {
  async unresolvedOf(db: Queryable, subjectIds: readonly string[]): Promise<Finding[]> {
    const rows = await db.query<FindingRow>(sql`
      select ${columns} from reconciliation_findings where subject_id = any(${subjectIds}::uuid[]) and state <> 'resolved'
    `);
    return rows.map(toFinding);
  }

  /** Writes down what a look saw; what was known already keeps the time when it was first seen. */
  async record(tx: Transaction, runId: string, judged: readonly Judged[]): Promise<void> {
    const rows = judged.map((each) => ({ ...each, id: randomUUID() }));
    await tx.execute(sql`
      insert into reconciliation_findings as f (id, part, kind, subject_id, reference, details, state, run_id, repaired_at)
      select s.id, s.part, s.kind, s."subjectId", s.reference, s.details, s.state, ${runId},
             case when s.state = 'repaired' then now() end
        from jsonb_to_recordset(${JSON.stringify(rows)})
             as s (id uuid, part text, kind text, "subjectId" uuid, reference text, details jsonb, state text)
      on conflict (subject_id, kind, reference) where state <> 'resolved' do update
         set details = excluded.details, state = excluded.state, run_id = excluded.run_id, last_seen_at = now(),
             repaired_at = coalesce(f.repaired_at, excluded.repaired_at)
    `);
  }

  /** Ends the findings of these parts and subjects that the last look did not see any more; returns them. */
  async resolve(
    db: Queryable,
    parts: readonly Part[],
    subjectIds: readonly string[],
    seen: readonly Pick<Seen, 'subjectId' | 'kind' | 'reference'>[],
  ): Promise<Finding[]> {
    const rows = await db.query<FindingRow>(sql`
      update reconciliation_findings f
         set state = 'resolved', resolved_at = now()
       where f.subject_id = any(${subjectIds}::uuid[]) and f.state <> 'resolved' and f.part = any(${parts}::text[])
         and not exists (select 1
                           from jsonb_to_recordset(${JSON.stringify(seen)}) as s ("subjectId" uuid, kind text, reference text)
                          where s."subjectId" = f.subject_id and s.kind = f.kind and s.reference = f.reference)
      returning ${columns}
    `);
    return rows.map(toFinding);
  }

  /** Ids of the subjects that have an unresolved finding of these parts, in the order of ids; without those that this run has seen. */
  async subjects(
    db: Queryable,
    runId: string,
    parts: readonly Part[],
    limit: number,
    after: string,
  ): Promise<{ subjectId: string; kinds: string[] }[]> {
    const rows = await db.query<{ subject_id: string; kinds: string[] }>(sql`
      select subject_id, array_agg(distinct kind) as kinds
        from reconciliation_findings
       where state <> 'resolved' and part = any(${parts}::text[]) and subject_id > ${after}::uuid and run_id <> ${runId}
       group by subject_id
       order by subject_id
       limit ${limit}
    `);
    return rows.map((row) => ({ subjectId: row.subject_id, kinds: row.kinds }));
  }

  /** What is not resolved, latest first. */
  async list(db: Queryable, limit: number, after?: { createdAt: string; id: string }): Promise<Finding[]> {
    const { createdAt = null, id = null } = after ?? {};
    const rows = await db.query<FindingRow>(sql`
      select ${columns}
        from reconciliation_findings
       where state <> 'resolved'
         and (${createdAt}::timestamptz is null or (first_seen_at, id) < (${createdAt}::timestamptz, ${id}::uuid))
       order by first_seen_at desc, id desc
       limit ${limit}
    `);
    return rows.map(toFinding);
  }

  /** How many are not resolved, by kind and state. */
  async counts(db: Queryable): Promise<{ kind: string; state: Judged['state']; count: number }[]> {
    const rows = await db.query<{ kind: string; state: Judged['state']; count: string }>(sql`
      select kind, state, count(*) as count from reconciliation_findings where state <> 'resolved' group by kind, state
    `);
    return rows.map((row) => ({ ...row, count: Number(row.count) }));
  }

  /** Forgets what was resolved so long ago. */
  purge(db: Postgres, olderThanDays: number): Promise<number> {
    return db.execute(sql`
      delete from reconciliation_findings where state = 'resolved' and resolved_at < now() - ${olderThanDays}::int * interval '1 day'
    `);
  }
}

const toFinding = (row: FindingRow): Finding => ({
  id: row.id,
  part: row.part,
  kind: row.kind,
  subjectId: row.subject_id,
  reference: row.reference,
  details: row.details,
  state: row.state,
  firstSeenAt: row.first_seen_at,
  lastSeenAt: row.last_seen_at,
  repairedAt: row.repaired_at,
});
