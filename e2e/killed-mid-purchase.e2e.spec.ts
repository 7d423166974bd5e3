import { randomUUID } from 'node:crypto';
import { type Platform, startPlatform, temporaryFolder } from '@emporium/local';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectBooksToAgree, Provider } from './books.ts';
import { ShopClient } from './shop.client.ts';

describe('a purchase whose process is killed', () => {
  let platform: Platform;
  let removeFolder: () => Promise<void>;
  let admin: ShopClient;
  let customer: ShopClient;
  let provider: Provider;

  beforeAll(async () => {
    const folder = await temporaryFolder('kill');
    removeFolder = folder.remove;
    platform = await startPlatform({ dataDir: folder.path, ports: 'free', durable: false, quiet: true });
    provider = new Provider(platform.urls.simulator);
    const anyone = new ShopClient(platform.urls.gateway);
    admin = await anyone.signIn('admin@emporium.test', 'emporium-admin-development');
    customer = await anyone.newCustomer();
  });

  afterEach(() => expect.poll(() => isReady(platform.urls.gateway), { timeout: 30_000, interval: 200 }).toBe(true));

  afterAll(async () => {
    await platform?.stop();
    await removeFolder?.();
  });

  /** Starts a purchase whose charge moves the money and is never answered; returns once the money has moved. */
  async function chargedButUnanswered(
    productId: string,
    key: string,
  ): Promise<{ orderId: string; answer: Promise<{ status: number }> }> {
    await provider.script({ fault: 'hang', on: 'charge', acts: true });
    const before = (await customer.get<{ items: { id: string }[] }>('/v1/orders')).body.items.length;
    const answer = customer.buy([{ productId, quantity: 1 }], { key });
    const orders = async () => (await customer.get<{ items: { id: string }[] }>('/v1/orders')).body.items;
    await expect.poll(async () => (await orders()).length, { interval: 20 }).toBe(before + 1);
    const orderId = (await orders())[0]?.id ?? '';
    await expect.poll(async () => (await provider.books(orderId)).charges.length, { interval: 20 }).toBe(1);
    return { orderId, answer };
  }

  it.each(['order', 'payment'])(
    'ends confirmed and charged once when the %s service dies between charge and confirm',
    async (service) => {
      const product = await admin.newProduct(3);
      const key = randomUUID();
      const { orderId, answer } = await chargedButUnanswered(product.id, key);

      platform.kill(service, 'SIGKILL');
      await answer;

      const status = async () => (await customer.order(orderId)).status;
      await expect.poll(status, { timeout: 50_000, interval: 200 }).toBe('confirmed');
      const repeated = await customer.buy([{ productId: product.id, quantity: 1 }], { key });
      expect([201, 202]).toContain(repeated.status);
      expect(repeated.body.id).toBe(orderId);
      await expectBooksToAgree(admin, provider, [product.id], [await customer.order(orderId)]);
    },
  );

  it.each(['product', 'user', 'gateway', 'redis', 'postgres'])(
    'of the %s, loses no order and charges none twice',
    async (name) => {
      const product = await admin.newProduct(50);
      const keys = Array.from({ length: 10 }, () => randomUUID());
      const buy = (key: string) => customer.buy([{ productId: product.id, quantity: 1 }], { key }).catch(() => undefined);

      const answers = keys.map(buy);
      platform.kill(name, 'SIGKILL');
      await Promise.all(answers);
      await expect.poll(() => isReady(platform.urls.gateway), { timeout: 40_000, interval: 200 }).toBe(true);

      // A client that repeats its key after the fault gets its one order.
      const bought = async (key: string) => (await buy(key))?.body.id;
      const ids: string[] = [];
      for (const key of keys) {
        await expect.poll(() => bought(key), { timeout: 20_000, interval: 500 }).toBeDefined();
        ids.push((await bought(key)) ?? '');
      }
      const orders = () => Promise.all(ids.map((id) => customer.order(id)));
      await expect
        .poll(async () => (await orders()).filter(({ status }) => status === 'pending').length, { timeout: 50_000 })
        .toBe(0);
      expect(new Set(ids).size).toBe(10);
      await expectBooksToAgree(admin, provider, [product.id], await orders());
    },
  );
});

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/ready`, { signal: AbortSignal.timeout(2_000) })).status === 200;
  } catch {
    return false; // not yet
  }
}
