import { fakeHttp } from '@emporium/testing';
import { expect, it } from 'vitest';
import { insist } from './insist.ts';
import { Recorder } from './recorder.ts';
import { Shop } from './shop.ts';

it('what is set up before a fault is asked for again, each time as a call of its own', async () => {
  const platform = await fakeHttp();
  const shop = new Shop(platform.url, new Recorder());
  platform.on('POST /v1/products', ({ body }) =>
    (body as { sku: number }).sku < 3
      ? { status: 503, headers: { 'retry-after': '0' }, body: { code: 'busy' } }
      : { status: 201, body: { id: 'p-1' } },
  );

  let sku = 0;
  const made = await insist(shop, 201, () => ({ method: 'POST', path: '/v1/products', body: { sku: ++sku } }));

  expect(made).toEqual({ id: 'p-1' });
  expect(platform.calls.map(({ body }) => body)).toEqual([{ sku: 1 }, { sku: 2 }, { sku: 3 }]);
  shop.close();
  await platform.close();
});
