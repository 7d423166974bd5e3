import { AppError } from '@emporium/errors';
import type pg from 'pg';
import { codeOf } from './errors.ts';
import { reportLag, reportReplica } from './pool-metrics.ts';
import { Postgres } from './postgres.ts';
import type { ReplicaOptions } from './replica.ts';
import { WriteMarks } from './write-marks.ts';

/** Marks taken in the time that it may be behind, one a second at least; with every so many of them it is asked whether it has replayed one. */
const LOOKS = 4;
const LONGEST_PAUSE_MS = 1_000;

/** A standby that hangs is given up so soon that the primary can answer within the three seconds of a request. */
const timeouts = { connectTimeoutMs: 500, statementTimeoutMs: 1_000 };

/** One statement: of these marks, the oldest first, so many are replayed. None on a server that is no standby any more. */
const countReplayed = {
  name: 'emporium_count_replayed',
  text: 'select count(*)::int as replayed from unnest($1::pg_lsn[]) as mark where pg_is_in_recovery() and mark <= pg_last_wal_replay_lsn()',
};

const readOnlySession = '25006';

const lags = () =>
  new AppError('unavailable', 'replica-lags', 'The replica is further behind than it may be, or nobody knows how far.');

/** Connections to standbys, each of which is used only while its own server is known to be less than `maxLagMs` behind. */
export class Standby {
  private readonly pool: Postgres;
  /** Its own connection: when the requests' are all busy, the replica is needed most. */
  private readonly primary: Postgres;
  private readonly marks: WriteMarks;
  private readonly maxLagMs: number;
  /** Up to when, of `performance.now()`, the server behind a connection is known to know everything. */
  private readonly knownUntil = new WeakMap<pg.PoolClient, number>();
  private newest = performance.now();
  private used: boolean | undefined;
  private looks = 0;
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(
    primary: Postgres,
    private readonly options: ReplicaOptions,
  ) {
    const { url, applicationName, max, logger, maxLagMs = 500 } = options;
    const admit = (client: pg.PoolClient) => this.admit(client);
    this.pool = new Postgres({ url, applicationName, max, min: 1, readOnly: true, admit, logger, ...timeouts });
    this.primary = primary.sibling({ applicationName: `${applicationName}-marks`, max: 1, min: 0 });
    this.marks = new WriteMarks(this.primary, maxLagMs);
    this.maxLagMs = maxLagMs;
    // What is written at this moment is replayed by the first look, unless the standby really lags.
    void this.marks.take().then(
      () => this.lookSoon(),
      () => this.lookSoon(),
    );
  }

  get isUsed(): boolean {
    return this.used === true;
  }

  /** Undefined when the primary has to be asked: whatever is wrong here, it knows better. */
  async read<T>(from: (source: Postgres) => Promise<T>): Promise<{ value: T } | undefined> {
    if (!this.isUsed) return undefined;
    try {
      return { value: await from(this.pool) };
    } catch (error) {
      // A write is a mistake in the program; the primary would carry it out.
      if (codeOf(error) === readOnlySession) throw error;
      // A statement that was slow, or cancelled for what had to be replayed, says nothing about the next one.
      if (error instanceof AppError && ['replica-lags', 'database-unavailable'].includes(error.code)) this.turn(false, error);
      return undefined;
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    await Promise.all([this.pool.close(), this.primary.close()]);
  }

  private async admit(client: pg.PoolClient): Promise<void> {
    const oldest = performance.now() - this.maxLagMs;
    if ((this.knownUntil.get(client) ?? Number.NEGATIVE_INFINITY) >= oldest) return;
    const marks = this.marks.recent();
    const { rows } = await client.query<{ replayed: number }>({ ...countReplayed, values: [marks.map(({ lsn }) => lsn)] });
    const mark = marks[(rows[0]?.replayed ?? 0) - 1];
    if (mark === undefined || mark.at < performance.now() - this.maxLagMs) throw lags();
    this.knownUntil.set(client, mark.at);
    this.newest = Math.max(this.newest, mark.at);
  }

  private lookSoon(): void {
    if (this.isClosed) return;
    this.timer = setTimeout(() => void this.look(), Math.min(this.maxLagMs / LOOKS, LONGEST_PAUSE_MS)).unref();
  }

  private async look(): Promise<void> {
    try {
      await this.marks.take();
      // Reads look for themselves; one that lags loses a connection each time it is asked.
      const isDue = this.looks++ % LOOKS === 0;
      if (isDue) {
        await this.pool.ping();
        this.turn(true);
      }
    } catch (error) {
      this.turn(false, error);
    }
    reportLag(this.options.applicationName, (performance.now() - this.newest) / 1_000);
    this.lookSoon();
  }

  private turn(used: boolean, error?: unknown): void {
    if (used === this.used || this.isClosed) return;
    this.used = used;
    const { applicationName: pool, logger } = this.options;
    reportReplica(pool, used);
    if (used) logger?.info('the replica is read', { pool });
    else logger?.warn('the replica is not read; the primary is asked for everything', { pool, error });
  }
}
