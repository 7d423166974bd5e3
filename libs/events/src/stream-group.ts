import type { Redis } from '@emporium/redis';

/** One entry as a consumer holds it. `tries` counts how often handling began before. */
export interface StreamEntry {
  readonly stream: string;
  readonly id: string;
  readonly text: string;
  readonly tries: number;
}

type RawEntry = [id: string, fields: string[] | null];

/** Deleting a consumer forgets what it holds, so only an empty-handed one may go; both in one step. */
const LEAVE = `
if #redis.call('xpending', KEYS[1], ARGV[1], '-', '+', 1, ARGV[2]) > 0 then return 0 end
return redis.call('xgroup', 'delconsumer', KEYS[1], ARGV[1], ARGV[2])`;

/** What a consumer asks of Redis: nothing but stream commands, for all streams of one group. Throws what the connection throws. */
export class StreamGroup {
  constructor(
    private readonly redis: Redis,
    private readonly group: string,
    private readonly consumer: string,
    private readonly streams: readonly string[],
  ) {}

  /** Makes the groups that are missing. They start at the beginning, never at `$`: what came before the group was lost is still to do. */
  async ensure(): Promise<void> {
    for (const stream of this.streams) {
      try {
        await this.redis.xgroup('CREATE', stream, this.group, '0', 'MKSTREAM');
      } catch (error) {
        if (!(error as Error).message.startsWith('BUSYGROUP')) throw error;
      }
    }
  }

  /** New entries, after waiting up to `blockMs` (at least 1: 0 would wait for ever). */
  async read(count: number, blockMs: number): Promise<StreamEntry[]> {
    const after = this.streams.map(() => '>');
    const reply = (await this.redis.xreadgroup(
      ...(['GROUP', this.group, this.consumer, 'COUNT', count, 'BLOCK', Math.max(1, Math.ceil(blockMs))] as const),
      ...['STREAMS' as const, ...this.streams, ...after],
    )) as [stream: string, entries: RawEntry[]][] | null;
    return (reply ?? []).flatMap(([stream, entries]) => entries.map((entry) => toEntry(stream, entry, 0)));
  }

  /** Takes over entries of consumers that gave no sign for `idleMs`. `lost` counts entries that were trimmed before anybody finished them. */
  async takeOver(count: number, idleMs: number): Promise<{ entries: StreamEntry[]; lost: number }> {
    const entries: StreamEntry[] = [];
    let lost = 0;
    for (const stream of this.streams) {
      const [, claimed, deleted] = (await this.redis.xautoclaim(
        ...([stream, this.group, this.consumer, idleMs, '0', 'COUNT', count] as const),
      )) as [string, RawEntry[], string[]?];
      lost += deleted?.length ?? 0;
      for (const entry of claimed) entries.push(toEntry(stream, entry, await this.triesBefore(stream, entry[0])));
    }
    return { entries, lost };
  }

  /** Notes in Redis, where it survives this process, that handling begins again. */
  async beginAgain(entry: StreamEntry): Promise<void> {
    const tries = entry.tries + 1;
    await this.redis.xclaim(entry.stream, this.group, this.consumer, 0, entry.id, 'RETRYCOUNT', tries, 'JUSTID');
  }

  /** A sign of life: keeps others from taking over what is still in work. */
  async keep(entries: readonly StreamEntry[]): Promise<void> {
    for (const [stream, ids] of byStream(entries)) {
      await this.redis.xclaim(stream, this.group, this.consumer, 0, ...ids, 'JUSTID');
    }
  }

  /** Makes entries look as if nobody had cared for them for `idleMs`, so that others take them over; that alone is no try. */
  async handOver(entries: readonly StreamEntry[], idleMs: number): Promise<void> {
    const claim = ({ stream, id, tries }: StreamEntry) =>
      this.redis.xclaim(stream, this.group, this.consumer, 0, id, 'IDLE', idleMs, 'RETRYCOUNT', tries, 'JUSTID');
    await Promise.all(entries.map(claim));
  }

  async acknowledge(entries: readonly StreamEntry[]): Promise<void> {
    for (const [stream, ids] of byStream(entries)) await this.redis.xack(stream, this.group, ...ids);
  }

  /** Takes this consumer's name off the groups where it holds nothing. */
  async leave(): Promise<void> {
    for (const stream of this.streams) await this.redis.eval(LEAVE, 1, stream, this.group, this.consumer);
  }

  private async triesBefore(stream: string, id: string): Promise<number> {
    const [pending] = (await this.redis.xpending(stream, this.group, id, id, 1)) as [string, string, number, number][];
    return pending === undefined ? 0 : pending[3] - 1;
  }
}

export const isNoGroup = (error: unknown): boolean => error instanceof Error && error.message.startsWith('NOGROUP');

function toEntry(stream: string, [id, fields]: RawEntry, tries: number): StreamEntry {
  const position = fields?.indexOf('envelope') ?? -1;
  return { stream, id, text: position === -1 ? '' : (fields?.[position + 1] ?? ''), tries };
}

function byStream(entries: readonly StreamEntry[]): Map<string, string[]> {
  const ids = new Map<string, string[]>();
  for (const { stream, id } of entries) ids.set(stream, [...(ids.get(stream) ?? []), id]);
  return ids;
}
