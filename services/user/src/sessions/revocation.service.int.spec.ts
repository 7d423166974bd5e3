import { randomUUID } from 'node:crypto';
import { type Postgres, sql } from '@emporium/postgres';
import { testDatabase } from '@emporium/testing';
import { describe, expect, it } from 'vitest';
import { buildServices } from '../../test/build-services.ts';
import { migrations } from '../migrations.ts';

describe('revocations', () => {
  const db = testDatabase('revocations', { migrations });
  const { revocations } = buildServices(db);

  const record = (id: string, on: Postgres = db) => on.transaction((tx) => revocations.record(tx, [id], new Date()));
  const age = (minutes: number) =>
    db.execute(sql`update revocations set recorded_at = recorded_at - ${minutes}::int * interval '1 minute'`);
  const idsSince = async (seq: number) => (await revocations.since(seq)).items.map(({ sessionId }) => sessionId);

  it('are told to those who ask again, even when they commit after a later one', async () => {
    const [slow, fast] = [randomUUID(), randomUUID()];

    let next = 0;
    await db.transaction(async (tx) => {
      await revocations.record(tx, [slow], new Date());
      await record(fast);
      const seen = await revocations.since(0);
      expect(seen.items.map(({ sessionId }) => sessionId)).toEqual([fast]);
      next = seen.next;
    });

    expect(await idsSince(next)).toEqual([slow, fast]);
  });

  it('are told once when they are settled, and not at all when no token of theirs can live', async () => {
    const id = randomUUID();
    await record(id);
    await age(1);

    const first = await revocations.since(0);

    expect(first.items.map(({ sessionId }) => sessionId)).toContain(id);
    expect(await idsSince(first.next)).toEqual([]);
    await age(20);
    expect(await idsSince(0)).toEqual([]);
  });

  it('are all told to whoever names a number from a future that a restore undid', async () => {
    const id = randomUUID();
    await record(id);

    expect(await idsSince(Number.MAX_SAFE_INTEGER)).toContain(id);
  });

  it('come in pages when there are very many', async () => {
    await db.transaction((tx) =>
      revocations.record(
        tx,
        Array.from({ length: 12_000 }, () => randomUUID()),
        new Date(),
      ),
    );

    const first = await revocations.since(0);
    const second = await revocations.since(first.next);

    expect(first.items).toHaveLength(10_000);
    expect(second.items.length).toBeGreaterThanOrEqual(2_000);
    expect(second.next).toBeLessThan(first.next);
  });

  it('need somebody whose session ended', async () => {
    const before = (await revocations.since(0)).items.length;

    await db.transaction((tx) => revocations.record(tx, [], new Date()));

    expect((await revocations.since(0)).items).toHaveLength(before);
  });
});
