import { describe, expect, it } from 'vitest';
import { inLanes } from './lanes.ts';

const entryOf = (id: string, key: string) => ({
  entry: {
    stream: 'shop.events',
    id,
    tries: 0,
    text: JSON.stringify({
      id: '0b0f0b0c-0000-4000-8000-000000000001',
      type: 'shop.opened.v1',
      key,
      occurredAt: '2026-01-01T00:00:00.000Z',
      data: {},
    }),
  },
});

describe('lanes', () => {
  it('work on several keys at once, on one key in order, and on no more than allowed', async () => {
    const items = Array.from({ length: 40 }, (_, index) => entryOf(String(index), `key-${index % 5}`));
    const finished: Record<string, string[]> = {};
    let running = 0;
    let most = 0;

    await inLanes(items, 3, async ({ entry }) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 3));
      running -= 1;
      const { key } = JSON.parse(entry.text) as { key: string };
      finished[key] = [...(finished[key] ?? []), entry.id];
    });

    expect(most).toBe(3);
    expect(Object.values(finished).flat()).toHaveLength(40);
    for (const ids of Object.values(finished)) expect(ids.map(Number)).toEqual(ids.map(Number).sort((a, b) => a - b));
  });

  it('let entries that cannot be read go beside the others', async () => {
    const seen: string[] = [];
    const unreadable = { entry: { stream: 's', id: '9-0', text: 'no event', tries: 0 } };

    await inLanes([unreadable, entryOf('1', 'a')], 4, async ({ entry }) => void seen.push(entry.id));
    await inLanes([], 4, async () => Promise.reject(new Error('nothing to do')));

    expect(seen.sort()).toEqual(['1', '9-0']);
  });
});
