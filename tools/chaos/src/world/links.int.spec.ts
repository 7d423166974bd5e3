import type { ProcessSpec } from '@emporium/local';
import { answer, type ScriptedServer, scriptedServer } from '@emporium/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LinkTable } from './links.ts';

let product: ScriptedServer;
let links: LinkTable;
beforeEach(async () => {
  product = await scriptedServer();
  product.behave(answer(200));
  links = new LinkTable();
});
afterEach(async () => {
  await links.close();
  await product.close();
});

const spec = (name: string, env: NodeJS.ProcessEnv): ProcessSpec => ({
  name,
  command: '',
  args: [],
  env,
  isReady: async () => true,
});
const linked = async (name: string) =>
  (await links.adjust(spec(name, { PRODUCT_SERVICE_URL: product.url }))).env.PRODUCT_SERVICE_URL ?? '';
const ask = async (url: string, timeoutMs = 300) => {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(timeoutMs) })).status;
  } catch {
    return undefined; // hung or cut
  }
};

describe('links', () => {
  it('stand before what a service has an address of, but not before itself', async () => {
    const env = {
      DATABASE_URL: 'postgresql://product_app:secret@127.0.0.1:5432/product_db',
      REDIS_URL: 'redis://127.0.0.1:6379',
      PRODUCT_SERVICE_URL: product.url,
      LOG_LEVEL: 'warn',
    };

    const adjusted = (await links.adjust(spec('product', env))).env;

    expect(adjusted.DATABASE_URL).toMatch(/^postgresql:\/\/product_app:secret@127\.0\.0\.1:(?!5432)\d+\/product_db$/);
    expect(adjusted.REDIS_URL).toMatch(/^redis:\/\/127\.0\.0\.1:(?!6379)\d+$/);
    expect(adjusted).toMatchObject({ PRODUCT_SERVICE_URL: product.url, LOG_LEVEL: 'warn' });
  });

  it('are cut and healed for one caller alone', async () => {
    const [order, gateway] = [await linked('order'), await linked('gateway')];
    expect(await ask(order)).toBe(200);

    links.between({ from: 'order', to: 'product' }).cut();
    expect([await ask(order), await ask(gateway)]).toEqual([undefined, 200]);
    links.heal();

    expect([await ask(order), await ask(gateway)]).toEqual([200, 200]);
  });

  it('hang or are slow for all callers', async () => {
    const urls = [await linked('order'), await linked('gateway')];

    links.between({ to: 'product' }).hang();
    expect(await Promise.all(urls.map((url) => ask(url)))).toEqual([undefined, undefined]);
    links.heal();
    links.between({ to: 'product' }).slow(100);
    const began = performance.now();
    expect(await ask(urls[0] ?? '', 5_000)).toBe(200);

    expect(performance.now() - began).toBeGreaterThanOrEqual(190);
    expect(links.between({ from: 'gateway' }).count).toBe(1);
  });

  it('that are not there cannot be cut', () => {
    expect(() => links.between({ from: 'user', to: 'redis' })).toThrow('no link user → redis');
  });
});
