import type { Transaction } from '@emporium/postgres';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { type EventEnvelope, on, streamOf } from './event.ts';

const shopOpened = { type: 'shop.opened.v1', schema: z.object({ shopId: z.string(), at: z.coerce.date() }) };
const tx = {} as Transaction;
const envelope = (data: unknown): EventEnvelope => ({
  id: '0b0f0b0c-0000-4000-8000-000000000001',
  type: shopOpened.type,
  key: 'a',
  occurredAt: '2026-01-01T00:00:00.000Z',
  data,
});

describe('an event', () => {
  it('travels on the stream of its owner', () => {
    expect([streamOf('order.confirmed.v1'), streamOf('payment.settled.v1')]).toEqual(['order.events', 'payment.events']);
  });

  it('reaches its handler in the shape its contract gives it', async () => {
    const work = vi.fn(async () => undefined);
    const told = envelope({ shopId: 'a', at: '2026-01-01T00:00:00.000Z', extra: 1 });

    await on(shopOpened, work).handle(tx, told);

    expect(work).toHaveBeenCalledWith(tx, { shopId: 'a', at: new Date('2026-01-01') }, told);
  });

  it('does not reach its handler when it breaks its contract', async () => {
    const work = vi.fn(async () => undefined);

    await expect(on(shopOpened, work).handle(tx, envelope({ shopId: 1 }))).rejects.toThrow(z.ZodError);
    expect(work).not.toHaveBeenCalled();
  });
});
