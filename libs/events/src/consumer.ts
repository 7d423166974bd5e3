import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { closeRedis, connectBlockingRedis, type Redis } from '@emporium/redis';
import { consumerMetrics } from './consumer-metrics.ts';
import { type EventConsumerOptions, withDefaults } from './consumer-options.ts';
import { park } from './dead-letter.ts';
import { EntryHandler, type Outcome } from './entry-handler.ts';
import { streamOf } from './event.ts';
import { inLanes } from './lanes.ts';
import { type Held, RetryQueue } from './retry-queue.ts';
import { isNoGroup, type StreamEntry, StreamGroup } from './stream-group.ts';

/** Deferrals are not tries, but an event that meets a busy database this often (some minutes) is itself the trouble. */
const MAX_DEFERRALS = 60;
/** Turns that fail while Redis answers; more in a row is a fault of this consumer, not a passing one. */
const MAX_FAILED_TURNS = 10;

/**
 * Hears the events of other services: at least once from Redis, once in effect through the inbox. An event that fails is tried again later
 * while others go on; after `maxTries` it is a dead letter. Survives a lost, flushed or hanging Redis, and takes over what a dead process held.
 * Does not keep the order of events.
 */
export class EventConsumer {
  private readonly options: Required<EventConsumerOptions>;
  private readonly handler: EntryHandler;
  private readonly retries: RetryQueue;
  private readonly metrics: ReturnType<typeof consumerMetrics>;
  private readonly inWork = new Set<StreamEntry>();
  /** Read, but not begun when the stop came. */
  private readonly unbegun: StreamEntry[] = [];
  private redis: Redis | undefined;
  private running: Promise<void> | undefined;
  private stopping = false;
  private lastSign = 0;
  private failedTurns = 0;
  private nextTakeOver = 0;

  constructor(options: EventConsumerOptions) {
    this.options = withDefaults(options);
    const { postgres, group, handlers, handlerTimeoutMs, retryDelayMs } = this.options;
    this.handler = new EntryHandler(postgres, group, handlers, handlerTimeoutMs);
    this.retries = new RetryQueue(retryDelayMs);
    this.metrics = consumerMetrics(group);
  }

  /** Starts to listen and returns at once; a Redis that is away is waited for. */
  async start(): Promise<void> {
    if (this.running !== undefined) throw new Error('The consumer has been started already.');

    const { redisUrl, group, blockMs, logger, handlers } = this.options;
    const streams = [...new Set(handlers.map(({ type }) => streamOf(type)))];
    // A connection of its own: a blocked read holds up every other command on it.
    this.redis = connectBlockingRedis({ url: redisUrl, name: `${group}-consumer`, blockMs, logger });
    const stream = new StreamGroup(this.redis, group, `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`, streams);
    this.lastSign = Date.now();
    this.running = this.listen(this.redis, stream);
  }

  /** Finishes what has begun and hands the rest to others, who have it within seconds. Takes up to `blockMs`, or as long as a handler needs. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.running;
    if (this.redis !== undefined) closeRedis(this.redis);
  }

  /** False when it does not run (any more), hangs, or fails although Redis is there. A lost Redis alone is not its fault. */
  healthy(): boolean {
    const { blockMs, handlerTimeoutMs } = this.options;
    const isAlive = Date.now() - this.lastSign < blockMs + handlerTimeoutMs + 15_000;
    return this.running !== undefined && !this.stopping && isAlive && this.failedTurns < MAX_FAILED_TURNS;
  }

  private async listen(redis: Redis, group: StreamGroup): Promise<void> {
    const heartbeat = setInterval(() => void this.giveSign(group), this.options.claimIdleMs / 3);
    let hasGroups = false;
    while (!this.stopping) {
      try {
        if (!hasGroups) await group.ensure();
        hasGroups = true;
        await this.turn(group);
        this.failedTurns = 0;
      } catch (error) {
        if (isNoGroup(error)) hasGroups = false;
        await this.recover(redis, error);
      }
      this.lastSign = Date.now();
    }
    clearInterval(heartbeat);
    await this.tryTo('hand over', () => group.handOver([...this.unbegun, ...this.retries.entries], this.options.claimIdleMs));
    await this.tryTo('leave the group', () => group.leave());
  }

  private async turn(group: StreamGroup): Promise<void> {
    const { batch, blockMs, claimIdleMs } = this.options;
    const due = this.retries.takeDue(batch);
    if (due.length > 0) await this.work(group, due, true);

    if (Date.now() >= this.nextTakeOver) {
      this.nextTakeOver = Date.now() + claimIdleMs / 6;
      const { entries, lost } = await group.takeOver(batch, claimIdleMs);
      if (lost > 0)
        this.options.logger.error('events were trimmed before they were handled', { group: this.options.group, lost });
      // Its own entries come back as well when signs of life got lost; those in the queue have their turn already.
      await this.work(group, toHeld(entries.filter((entry) => !this.retries.has(entry))), false);
    }

    if (this.stopping) return;
    const waitMs = Math.min(blockMs, this.retries.nextDueInMs());
    // Too many wait for another try: something is wrong with all of them, so leave the rest where it is safe.
    if (this.retries.size >= batch * 10) await sleep(Math.max(1, waitMs));
    else await this.work(group, toHeld(await group.read(batch, waitMs)), false);
  }

  private async work(group: StreamGroup, items: readonly Held[], isRetry: boolean): Promise<void> {
    const done: StreamEntry[] = [];
    for (const { entry } of items) this.inWork.add(entry);
    try {
      const handled = isRetry ? new Map<StreamEntry, Outcome>() : await this.handler.runTogether(items.map(({ entry }) => entry));
      for (const [entry, outcome] of handled) {
        this.metrics.ended(outcome);
        done.push(entry);
      }
      const alone = items.filter(({ entry }) => !handled.has(entry));
      await inLanes(alone, this.options.concurrency, async (item) => {
        if (this.stopping) return void this.unbegun.push(item.entry);
        if (isRetry) await this.tryTo('note another try', () => group.beginAgain(item.entry));
        if (await this.finish(item)) done.push(item.entry);
        this.lastSign = Date.now();
      });
      await group.acknowledge(done);
    } finally {
      for (const { entry } of items) this.inWork.delete(entry);
    }
  }

  /** Handles one entry; true when the group is done with it. */
  private async finish({ entry, deferrals, reason }: Held): Promise<boolean> {
    // Either this process could not park it, or every earlier try ended with its process: once more would only kill this one as well.
    if (entry.tries >= this.options.maxTries) return this.giveUp(entry, reason ?? new Error('No try ever came to an end.'));

    const outcome = await this.handler.run(entry);
    this.metrics.ended(outcome);
    if (!('error' in outcome)) return true;

    this.report(outcome, entry);
    const tried = { ...entry, tries: entry.tries + 1 };
    if (outcome.kind === 'deferred' && deferrals < MAX_DEFERRALS) {
      this.retries.add({ entry, deferrals: deferrals + 1 });
      return false;
    }
    if (outcome.kind === 'poisoned' || tried.tries >= this.options.maxTries) return this.giveUp(tried, outcome.error);
    this.retries.add({ entry: tried, deferrals: 0 });
    return false;
  }

  private async giveUp(entry: StreamEntry, reason: unknown): Promise<boolean> {
    const { postgres, group, logger } = this.options;
    const isParked = await this.tryTo('park an event', () => park(postgres, group, entry, reason));
    if (!isParked) {
      this.retries.add({ entry, deferrals: 0, reason });
      return false;
    }
    this.metrics.parked();
    logger.error('event is a dead letter', { group, stream: entry.stream, entry: entry.id, tries: entry.tries, error: reason });
    return true;
  }

  private async giveSign(group: StreamGroup): Promise<void> {
    const entries = [...this.inWork, ...this.retries.entries];
    if (entries.length > 0) await this.tryTo('keep entries', () => group.keep(entries));
  }

  private async recover(redis: Redis, error: unknown): Promise<void> {
    const { group, logger } = this.options;
    if (redis.status === 'ready') this.failedTurns += 1;
    if (redis.status === 'ready' || this.failedTurns === 0) logger.warn('consumer could not go on', { group, error });
    if (!this.stopping) await sleep(Math.min(50 * 2 ** this.failedTurns, 1_000));
  }

  private async tryTo(what: string, action: () => Promise<void>): Promise<boolean> {
    try {
      await action();
      return true;
    } catch (error) {
      this.options.logger.warn(`consumer could not ${what}`, { group: this.options.group, error });
      return false;
    }
  }

  private report(outcome: Extract<Outcome, { error: unknown }>, entry: StreamEntry): void {
    const { group, logger } = this.options;
    logger.warn('event was not handled', {
      group,
      type: outcome.type,
      outcome: outcome.kind,
      tries: entry.tries + 1,
      error: outcome.error,
    });
  }
}

const toHeld = (entries: readonly StreamEntry[]): Held[] => entries.map((entry) => ({ entry, deferrals: 0 }));
