import type { Transaction } from '@emporium/postgres';
import { currentTraceparent, runInContext } from '@emporium/telemetry';
import { testTracing } from '@emporium/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type EventEnvelope, eventEnvelope } from './event.ts';
import { Outbox } from './outbox.ts';

const shopOpened = { type: 'shop.opened.v1', schema: z.object({ shopId: z.string() }) };

describe('the outbox', () => {
  const tracing = testTracing();
  const tx = {} as Transaction;
  const added: { tx: unknown; name: string; payload: object }[] = [];
  const outbox = new Outbox({ add: async (queryable, name, payload) => void added.push({ tx: queryable, name, payload }) });

  it('adds the event as a job of the same transaction', async () => {
    await runInContext({ requestId: 'req-1' }, () => outbox.add(tx, shopOpened, 'a', { shopId: 'a' }));

    const [job] = added.splice(0);
    expect(job).toMatchObject({
      name: 'publish-event',
      payload: { type: 'shop.opened.v1', key: 'a', data: { shopId: 'a' }, requestId: 'req-1' },
    });
    expect(job?.tx).toBe(tx);
    expect(eventEnvelope.parse(job?.payload)).toEqual(job?.payload);
  });

  it('notes the trace of the request, and nothing where there is none', async () => {
    const traceparent = await tracing.inRequest(async () => {
      await outbox.add(tx, shopOpened, 'a', { shopId: 'a' });
      return currentTraceparent();
    });
    await outbox.add(tx, shopOpened, 'a', { shopId: 'a' });

    expect(traceparent).toMatch(/^00-/);
    expect(added.splice(0).map(({ payload }) => (payload as EventEnvelope).traceparent)).toEqual([traceparent, undefined]);
  });

  it('gives every event an id of its own', async () => {
    await outbox.add(tx, shopOpened, 'a', { shopId: 'a' });
    await outbox.add(tx, shopOpened, 'a', { shopId: 'a' });

    const ids = added.splice(0).map(({ payload }) => (payload as { id: string }).id);
    expect(new Set(ids).size).toBe(2);
  });

  it('refuses an event that breaks its own contract', async () => {
    await expect(outbox.add(tx, shopOpened, 'a', { shopId: 1 } as unknown as { shopId: string })).rejects.toThrow(z.ZodError);
    expect(added).toHaveLength(0);
  });
});
