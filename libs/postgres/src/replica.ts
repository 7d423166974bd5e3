import type { Logger } from '@emporium/telemetry';
import { countReplicaRead } from './pool-metrics.ts';
import type { Postgres } from './postgres.ts';
import type { Reader, ReadSource } from './queryable.ts';
import type { Sql } from './sql.ts';
import { Standby } from './standby.ts';

/** How to reach the standbys of a database: straight, not by way of a pooler that changes servers between transactions. */
export interface ReplicaOptions {
  url: string;
  /** Shown in pg_stat_activity and as the `pool` label of metrics. */
  applicationName: string;
  /** A standby that is further behind is not read. Default 500. */
  maxLagMs?: number;
  /** Default 20. */
  max?: number;
  logger?: Logger;
}

/**
 * Reads that may be a little old and decide nothing: from a standby that is known to be at most `maxLagMs` behind, and from the primary whenever
 * that one is further behind, away, slow, or has cancelled the statement for what it had to replay. Without options: from the primary.
 * It cannot write, nor be passed where a `Queryable` or a `Transaction` is asked for. Raises what the primary raises.
 */
export class Replica implements ReadSource {
  private readonly standby: Standby | undefined;

  constructor(
    private readonly primary: Postgres,
    private readonly options?: ReplicaOptions,
  ) {
    this.standby = options && new Standby(primary, options);
  }

  /** Whether the standby is read now; undefined when there is none. */
  get isUsed(): boolean | undefined {
    return this.standby?.isUsed;
  }

  query<Row>(statement: Sql): Promise<Row[]> {
    return this.read((source) => source.query<Row>(statement));
  }

  /** Several reads on one connection. All of it is read again from the primary when the standby fails half-way. */
  transaction<T>(work: (tx: Reader) => Promise<T>): Promise<T> {
    return this.read((source) => source.transaction(work, { readOnly: true, retries: 0 }));
  }

  async close(): Promise<void> {
    await this.standby?.close();
  }

  private async read<T>(from: (source: Postgres) => Promise<T>): Promise<T> {
    const found = await this.standby?.read(from);
    if (this.options !== undefined) countReplicaRead(this.options.applicationName, found === undefined ? 'primary' : 'replica');
    return found === undefined ? from(this.primary) : found.value;
  }
}
