import { setTimeout as sleep } from 'node:timers/promises';
import { type Postgres, sql, type Transaction } from '@emporium/postgres';
import type { Redis } from '@emporium/redis';
import { gauge, type Logger } from '@emporium/telemetry';
import type { Outbox } from './outbox.ts';
import { addAllToStreams, keepPublished } from './publisher.ts';

export interface EventRelayOptions {
  postgres: Postgres;
  redis: Redis;
  outbox: Outbox;
  logger: Logger;
  /** Events sent at once. Default 200. */
  batch?: number;
  /** How long events gather before they are sent together, in milliseconds. Default 100. */
  gatherMs?: number;
  /** How often the outbox is looked at when nobody in this process adds to it, in milliseconds. Default 1,000. */
  idleMs?: number;
}

const oldest = gauge('emporium_outbox_oldest_seconds', 'Age of the oldest event that could not be sent; 0 when all were.');

/**
 * Carries events from the outbox to their streams, many at a time. Any number of relays work side by side: each takes rows that no other
 * has. A row is deleted by the transaction in which it was sent, so one that dies in between leaves it to be sent again: at least once.
 */
export class EventRelay {
  private readonly options: Required<EventRelayOptions>;
  private readonly stopping = new AbortController();
  private wake: () => void = () => undefined;
  private isWoken = false;
  private running: Promise<void> | undefined;
  private isFailing = false;

  constructor(options: EventRelayOptions) {
    this.options = { batch: 200, gatherMs: 100, idleMs: 1_000, ...options };
  }

  start(): void {
    this.options.outbox.onAdd(() => {
      this.isWoken = true;
      this.wake();
    });
    this.running ??= this.run();
  }

  /** Ends with what is being sent; the rest is sent by others, or after the next start. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    const { gatherMs, idleMs } = this.options;
    // Grows while nothing is sent: the transaction of an event that was announced may still be open, or Redis away.
    let waitMs = gatherMs;
    while (!this.stopping.signal.aborted) {
      this.isWoken = false;
      const sent = await this.trySend(waitMs > gatherMs);
      waitMs = sent > 0 ? gatherMs : Math.min(2 * waitMs, idleMs);
      if ((await this.wokenWithin(waitMs)) && !this.isFailing) waitMs = gatherMs;
    }
  }

  /** Events gather even where somebody waits for them: those of a busy moment travel together. */
  private async wokenWithin(waitMs: number): Promise<boolean> {
    const { gatherMs } = this.options;
    await this.pause(gatherMs);
    if (this.isWoken || waitMs <= gatherMs) return this.isWoken;
    const rest = new AbortController();
    const woken = new Promise<void>((resolve) => {
      this.wake = () => resolve();
    });
    await Promise.race([woken, this.pause(waitMs - gatherMs, rest.signal)]);
    rest.abort();
    if (this.isWoken) await this.pause(gatherMs);
    return this.isWoken;
  }

  private async pause(ms: number, signal = this.stopping.signal): Promise<void> {
    await sleep(ms, undefined, { signal }).catch(() => undefined);
  }

  private async trySend(isIdle: boolean): Promise<number> {
    const { postgres, logger } = this.options;
    try {
      const sent = isIdle && (await this.isEmpty()) ? 0 : await postgres.transaction((tx) => this.send(tx), { retries: 0 });
      if (this.isFailing) logger.info('events are sent again');
      this.isFailing = false;
      oldest.set(0);
      return sent;
    } catch (error) {
      if (!this.isFailing) logger.warn('events wait: they could not be sent', { error });
      this.isFailing = true;
      await this.measure();
      return 0;
    }
  }

  private async isEmpty(): Promise<boolean> {
    return (await this.options.postgres.query(sql`select position from outbox_events order by position limit 1`)).length === 0;
  }

  /** One call of Redis while the rows are locked: it ends within the connection's command time-out, and nobody but relays wants them. */
  private async send(tx: Transaction): Promise<number> {
    const { redis, batch } = this.options;
    const rows = await tx.query<{ envelope: string }>(sql`
      delete from outbox_events
       where position = any (array(
         select position from outbox_events order by position limit ${batch} for update skip locked
       ))
      returning envelope::text
    `);
    if (rows.length === 0) return 0;
    await keepPublished(
      tx,
      await addAllToStreams(
        redis,
        rows.map(({ envelope }) => envelope),
      ),
    );
    return rows.length;
  }

  private async measure(): Promise<void> {
    const oldestRow = sql`
      select extract(epoch from clock_timestamp() - added_at)::float8 as age from outbox_events order by position limit 1
    `;
    // The database itself may be what is away; then the age of a moment ago stays.
    const [row] = await this.options.postgres.query<{ age: number }>(oldestRow).catch(() => []);
    if (row !== undefined) oldest.set(row.age);
  }
}
