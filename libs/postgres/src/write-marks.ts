import type { Postgres } from './postgres.ts';
import { sql } from './sql.ts';

/** Everything committed up to `at`, of `performance.now()`, is in the write-ahead log before `lsn`. */
export interface WriteMark {
  readonly at: number;
  readonly lsn: string;
}

/**
 * How far the primary had written, and when, by the clock of this process alone. A standby that has replayed up to a mark knows everything that
 * was committed before it. That stays true of a primary that has nothing to write, for which the age of the last replayed transaction grows without
 * end, and of a standby that is cut off, which believes that it has replayed all there is.
 */
export class WriteMarks {
  private marks: WriteMark[] = [];

  constructor(
    private readonly primary: Postgres,
    private readonly keepMs: number,
  ) {}

  async take(): Promise<void> {
    const at = performance.now();
    const [row] = await this.primary.query<{ lsn: string }>(sql`select pg_current_wal_flush_lsn()::text as lsn`);
    if (row !== undefined) this.marks = [...this.recent(), { at, lsn: row.lsn }];
  }

  /** Those that are young enough, the oldest first. */
  recent(): WriteMark[] {
    const since = performance.now() - this.keepMs;
    return this.marks.filter(({ at }) => at >= since);
  }
}
