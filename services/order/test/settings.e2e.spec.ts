import { mkdtempSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SETTINGS } from '@emporium/service-defaults';
import type { Settings } from '@emporium/settings';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { OrderSettings } from '../src/settings.ts';
import { orderWorld } from './order-world.ts';

describe('settings that change while the order service runs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'settings-'));
  const file = join(folder, 'settings.json');
  const world = orderWorld('settings', { SETTINGS_FILE: file });

  const settings = () => world.app.get<Settings<OrderSettings>>(SETTINGS);
  const change = async (order: unknown) => {
    await writeFile(`${file}.new`, JSON.stringify({ order }));
    await rename(`${file}.new`, file);
    await settings().poll();
  };
  const buy = (productId: string) => world.customer().buy({ items: [{ productId, quantity: 1 }] });
  const timed = async (productId: string) => {
    const startedAt = performance.now();
    const { status } = await buy(productId);
    return { status, tookMs: performance.now() - startedAt };
  };

  afterEach(() => change({}));
  afterAll(() => rm(folder, { recursive: true }));

  it('make customers wait less for an order that is not final', async () => {
    const lamp = world.products.onSale();
    world.payments.trouble = 'hang';
    await change({ checkout: { patienceMs: 300, lineMs: 200 } });

    const { status, tookMs } = await timed(lamp);

    expect(status).toBe(202);
    expect(tookMs).toBeLessThan(2_400);
  });

  it('give a call to the payment service less time', async () => {
    const lamp = world.products.onSale();
    world.payments.trouble = 'hang';
    await change({ upstreams: { payment: { timeoutMs: 200 } } });

    const { status, tookMs } = await timed(lamp);

    expect(status).toBe(202);
    expect(tookMs).toBeLessThan(2_400);
  });

  it('narrow the line at the checkout, and widen it again', async () => {
    const lamp = world.products.onSale();
    world.products.trouble = 'hang';
    await change({ upstreams: { product: { timeoutMs: 400 } }, checkout: { concurrency: 1, maxWaiting: 0 } });

    const narrow = await Promise.all([1, 2, 3].map(() => buy(lamp)));

    expect(narrow.filter(({ body }) => body.code === 'checkout-busy')).toHaveLength(2);
    world.products.trouble = undefined;
    await change({});
    const wide = await Promise.all([1, 2, 3].map(() => buy(lamp)));
    expect(wide.map(({ status }) => status)).toEqual([201, 201, 201]);
  });

  it('turn a circuit off that is open', async () => {
    const lamp = world.products.onSale();
    world.products.trouble = { status: 500, body: {} };
    await change({
      upstreams: { product: { breaker: { errorThresholdPercentage: 1, volumeThreshold: 1, resetTimeoutMs: 60_000 } } },
    });
    for (let index = 0; index < 3; index += 1) await buy(lamp);
    world.products.trouble = undefined;
    expect((await buy(lamp)).status).toBe(503);

    await change({ upstreams: { product: { breaker: { enabled: false } } } });

    expect((await buy(lamp)).status).toBe(201);
  });

  it('stay when a change makes no sense', async () => {
    await change({ checkout: { concurrency: 7 } });

    await change({ checkout: { concurrency: 8, lineMs: 60_000 } });

    expect(settings().current.checkout).toMatchObject({ concurrency: 7, lineMs: 1_500 });
    expect(settings().report().problems).toEqual([expect.stringContaining('order.checkout.lineMs')]);
  });
});
