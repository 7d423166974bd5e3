import { readEnvelope } from './dead-letter.ts';
import type { StreamEntry } from './stream-group.ts';

/** Works through entries a few at a time; those of one key one after the other, in the order given. `work` must not throw. */
export async function inLanes<T extends { entry: StreamEntry }>(
  items: readonly T[],
  concurrency: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const byKey = new Map<string, T[]>();
  for (const item of items) {
    const envelope = readEnvelope(item.entry.text);
    const key = 'unreadable' in envelope ? item.entry.id : envelope.key;
    byKey.set(key, [...(byKey.get(key) ?? []), item]);
  }

  const queues = byKey.values();
  const lane = async () => {
    for (const queue of queues) for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, byKey.size) }, lane));
}
