import { type Sql, sql, type Transaction } from '@emporium/postgres';
import { currentTraceparent, runInContext } from '@emporium/telemetry';
import { testTracing } from '@emporium/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type EventEnvelope, eventEnvelope } from './event.ts';
import { Outbox } from './outbox.ts';

const shopOpened = { type: 'shop.opened.v1', schema: z.object({ shopId: z.string() }) };

describe('the outbox', () => {
  const tracing = testTracing();
  const added: EventEnvelope[] = [];
  const tx = {
    execute: async ({ values: [text] }: Sql) => void added.push(JSON.parse(text as string) as EventEnvelope),
  } as unknown as Transaction;
  const outbox = new Outbox();

  it('adds the event as a row of the same transaction', async () => {
    await runInContext({ requestId: 'req-1' }, () => outbox.add(tx, shopOpened, 'a', { shopId: 'a' }));

    const [envelope] = added.splice(0);
    expect(envelope).toMatchObject({ type: 'shop.opened.v1', key: 'a', data: { shopId: 'a' }, requestId: 'req-1' });
    expect(eventEnvelope.parse(envelope)).toEqual(envelope);
  });

  it('notes the trace of the request, and nothing where there is none', async () => {
    const traceparent = await tracing.inRequest(async () => {
      await outbox.add(tx, shopOpened, 'a', { shopId: 'a' });
      return currentTraceparent();
    });
    await outbox.add(tx, shopOpened, 'a', { shopId: 'a' });

    expect(traceparent).toMatch(/^00-/);
    expect(added.splice(0).map(({ traceparent }) => traceparent)).toEqual([traceparent, undefined]);
  });

  it('gives every event an id of its own', async () => {
    await outbox.add(tx, shopOpened, 'a', { shopId: 'a' });
    await outbox.add(tx, shopOpened, 'a', { shopId: 'a' });

    const ids = added.splice(0).map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
  });

  it('refuses an event that breaks its own contract', async () => {
    await expect(outbox.add(tx, shopOpened, 'a', { shopId: 1 } as unknown as { shopId: string })).rejects.toThrow(z.ZodError);
    expect(added).toHaveLength(0);
  });

  it('tells whoever carries the events that there is one', () => {
    const heard: string[] = [];
    outbox.onAdd(() => heard.push('added'));

    outbox.insertion(shopOpened, 'a', { shopId: 'a' }, sql`somewhere`);

    expect(heard).toEqual(['added']);
  });
});
