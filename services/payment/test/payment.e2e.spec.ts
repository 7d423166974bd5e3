import { randomUUID } from 'node:crypto';
import { createSimulator, type Simulator, signature } from '@emporium/stripe-simulator';
import { startApp, type TestApp, testDatabase, testRedis } from '@emporium/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { appModule } from '../src/app.module.ts';
import { loadConfig } from '../src/config.ts';
import { migrations } from '../src/migrations.ts';
import { aCharge, anOrder, webhookSecret } from './payment-world.ts';
import { webhookGateway } from './webhook-gateway.ts';

describe('the payment service as a whole', () => {
  const db = testDatabase('payment_e2e', { migrations, jobs: true });
  const redis = testRedis();
  let app: TestApp;
  let simulator: Simulator;
  let gateway: Awaited<ReturnType<typeof webhookGateway>>;

  const byOrder = (method: string, path: string, body?: unknown) => app.request(method, path, { caller: 'order', body });
  const charge = (orderId: string, body: unknown = aCharge()) => byOrder('PUT', `/internal/payments/${orderId}`, body);
  const cancel = (orderId: string) => byOrder('POST', `/internal/payments/${orderId}/cancel`, { reason: 'customer' });
  const refund = (orderId: string, amount: number, refundId: string = randomUUID()) =>
    byOrder('POST', `/internal/payments/${orderId}/refunds`, {
      refundId,
      amount: { amount, currency: 'EUR' },
      reason: 'goodwill',
    });
  const asAdmin = (path: string) => app.request('GET', path, { as: { role: 'admin' } });
  const paymentOf = async (orderId: string) => (await asAdmin(`/v1/admin/payments?orderId=${orderId}`)).body.items[0];
  const published = async () => {
    const entries = await redis.redis.xrange('payment.events', '-', '+');
    return entries.map(([, fields]) => JSON.parse(fields[fields.indexOf('envelope') + 1] ?? '{}'));
  };

  beforeAll(async () => {
    gateway = await webhookGateway(() => app);
    simulator = createSimulator({ webhooks: { url: gateway.url, secret: webhookSecret, firstRetryMs: 50 } });
    const environment = {
      DATABASE_URL: db.url,
      REDIS_URL: redis.url,
      PAYMENT_PROVIDER_URL: await simulator.listen(0),
      PAYMENT_PROVIDER_KEY: 'sk_test_spec',
      PAYMENT_WEBHOOK_SECRET: webhookSecret,
      PAYMENT_PROVIDER_TIMEOUT_MS: '400',
      PAYMENT_PROVIDER_RESET_MS: '100',
      PAYMENT_RECOVERY_DELAY_MS: '20',
    };
    app = await startApp({ name: 'payment', module: (config) => appModule(config), config: loadConfig, environment });
  }, 60_000);

  beforeEach(async () => {
    simulator.faults.reset();
    simulator.webhooks.change({ hold: false, duplicates: 0, reorder: false, enabled: true });
  });

  afterAll(async () => {
    await simulator.close();
    await app.close();
    await gateway.close();
  }, 30_000);

  it('charges an order once and tells the order service by an event', async () => {
    const orderId = anOrder();

    const first = await charge(orderId);
    const second = await charge(orderId);

    expect(first).toMatchObject({
      status: 200,
      body: {
        orderId,
        status: 'succeeded',
        charged: { amount: 1_000, currency: 'EUR' },
        refunded: { amount: 0, currency: 'EUR' },
      },
    });
    expect(second.body).toEqual(first.body);
    expect(simulator.books.statement(orderId).charges).toHaveLength(1);
    await expect
      .poll(async () => (await published()).filter((event) => event.key === orderId))
      .toMatchObject([{ type: 'payment.settled.v1', data: { orderId, outcome: 'succeeded' } }]);
  });

  it('answers a declined card with the reason', async () => {
    const { status, body } = await charge(anOrder(), aCharge({ paymentMethod: 'pm_card_chargeDeclinedInsufficientFunds' }));

    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'declined', declineReason: 'insufficient_funds', charged: { amount: 0 } });
  });

  it('gives money back in parts, never too much, and all of it on a cancel', async () => {
    const orderId = anOrder();
    await charge(orderId);
    const refundId = randomUUID();

    const part = await refund(orderId, 400, refundId);
    const again = await refund(orderId, 400, refundId);
    const tooMuch = await refund(orderId, 601);
    const cancelled = await cancel(orderId);
    const late = await charge(orderId);

    expect(part).toMatchObject({ status: 200, body: { refundId, status: 'succeeded' } });
    expect(again.body).toEqual(part.body);
    expect(tooMuch).toMatchObject({ status: 409, body: { code: 'refund-exceeds-charge' } });
    expect(cancelled).toMatchObject({ status: 200, body: { status: 'cancelled', refunded: { amount: 1_000 } } });
    expect(late).toMatchObject({ status: 409, body: { code: 'payment-cancelled' } });
  });

  it('shows a payment that was given back in full as refunded', async () => {
    const orderId = anOrder();
    await charge(orderId);
    await refund(orderId, 1_000);

    expect(await paymentOf(orderId)).toMatchObject({ status: 'refunded', refunded: { amount: 1_000 } });
  });

  it('finds out what became of a charge whose reply was lost, without any webhook', async () => {
    simulator.webhooks.change({ enabled: false });
    simulator.faults.add([{ fault: 'lose-reply', on: 'charge', times: 1 }]);
    const orderId = anOrder();

    const answer = await charge(orderId);

    expect(answer).toMatchObject({ status: 503, body: { code: 'payment-provider-unavailable' } });
    expect(answer.headers.get('retry-after')).toBe('1');
    await expect.poll(async () => (await paymentOf(orderId)).status, { timeout: 10_000 }).toBe('succeeded');
    expect(simulator.books.statement(orderId).charges).toHaveLength(1);
  });

  it('is told by a webhook, which may come twice and in any order', async () => {
    simulator.webhooks.change({ duplicates: 2, reorder: true });
    simulator.faults.add([{ fault: 'lose-reply', on: 'charge', times: 1 }]);
    const orderId = anOrder();
    await charge(orderId);
    await cancel(orderId);

    await expect.poll(async () => (await paymentOf(orderId)).status, { timeout: 10_000 }).toBe('cancelled');
    await expect
      .poll(() => simulator.webhooks.deliveries.filter((delivery) => delivery.status === 200).length, { timeout: 10_000 })
      .toBeGreaterThanOrEqual(6);
    expect(simulator.books.statement(orderId).totals).toMatchObject([{ net: 0 }]);
  });

  it('answers at once while the provider is down, and settles everything when it is back', async () => {
    simulator.faults.change({ failureRate: 1 });
    const orders = Array.from({ length: 15 }, anOrder);

    const begun = performance.now();
    for (const orderId of orders) expect((await charge(orderId)).status).toBe(503);
    expect(performance.now() - begun).toBeLessThan(15_000);
    expect((await app.request('GET', '/ready', { caller: null })).status).toBe(200);

    simulator.faults.reset();
    for (const orderId of orders) {
      await expect.poll(async () => (await paymentOf(orderId)).status, { timeout: 20_000, interval: 200 }).toBe('succeeded');
      expect(simulator.books.statement(orderId).charges).toHaveLength(1);
    }
  }, 40_000);

  describe('the webhook door', () => {
    const event = JSON.stringify({ id: `evt_${randomUUID()}`, type: 'customer.created', data: { object: {} } });
    const send = (body: string, header?: string, caller: string | null = 'gateway') =>
      app.request('POST', '/v1/webhooks/stripe', { caller, body, ...(header && { headers: { 'stripe-signature': header } }) });

    it('takes what the provider signed, again and again', async () => {
      expect((await send(event, signature(event, webhookSecret))).status).toBe(200);
      expect((await send(event, signature(event, webhookSecret))).status).toBe(200);
    });

    it.each([
      ['nothing signed', () => undefined],
      ['a signature of somebody else', () => signature(event, 'whsec_other')],
      ['a signature of another body', () => signature(`${event}\n`, webhookSecret)],
      ['an old signature', () => signature(event, webhookSecret, Math.floor(Date.now() / 1000) - 400)],
      ['a signature from the future', () => signature(event, webhookSecret, Math.floor(Date.now() / 1000) + 400)],
      ['no signature at all in the header', () => 'garbage'],
    ])('refuses %s', async (_, header) => {
      expect(await send(event, header())).toMatchObject({ status: 400, body: { code: 'webhook-refused' } });
    });

    it.each(['garbage', '[]', '{}', '{"id":1}'])('refuses the body %s, signed or not', async (body) => {
      expect((await send(body, signature(body, webhookSecret))).status).toBe(400);
      expect((await send(body)).status).toBe(400);
    });

    it('is open to the gateway only', async () => {
      expect((await send(event, signature(event, webhookSecret), null)).status).toBe(401);
      expect((await send(event, signature(event, webhookSecret), 'order')).status).toBe(403);
    });
  });

  describe('the internal door', () => {
    it('is open to the order service only', async () => {
      const path = `/internal/payments/${anOrder()}`;

      expect((await app.request('PUT', path, { caller: null, body: aCharge() })).status).toBe(401);
      for (const caller of ['gateway', 'product', 'stranger']) {
        expect([401, 403]).toContain((await app.request('PUT', path, { caller, body: aCharge() })).status);
        expect([401, 403]).toContain((await app.request('POST', `${path}/cancel`, { caller, body: { reason: 'x' } })).status);
        expect([401, 403]).toContain((await app.request('POST', `${path}/refunds`, { caller, body: {} })).status);
      }
    });

    it.each([
      [{ ...aCharge(), amount: { amount: 0, currency: 'EUR' } }, 'amount.amount'],
      [{ ...aCharge(), amount: { amount: 1.5, currency: 'EUR' } }, 'amount.amount'],
      [{ ...aCharge(), amount: { amount: 100, currency: 'euro' } }, 'amount.currency'],
      [{ ...aCharge(), paymentMethod: '' }, 'paymentMethod'],
      [{ ...aCharge(), userId: 'me' }, 'userId'],
    ])('names the bad field of %j', async (body, field) => {
      const answer = await charge(anOrder(), body);

      expect(answer.status).toBe(400);
      expect(answer.body.errors.map((error: { field: string }) => error.field)).toContain(field);
    });

    it('refuses an order id that is none', async () => {
      expect((await charge('42')).status).toBe(400);
      expect((await refund(anOrder(), 1)).status).toBe(404);
    });
  });

  describe('the door of reconciliation', () => {
    const window = { since: '2020-01-01T00:00:00.000Z', until: '2100-01-01T00:00:00.000Z' };
    const path = '/internal/reconciliation';

    it('is open to the order service only', async () => {
      for (const [method, name] of [
        ['POST', 'statement'],
        ['GET', 'orders'],
        ['POST', 'compare'],
      ] as const) {
        expect((await app.request(method, `${path}/${name}`, { caller: null })).status).toBe(401);
        for (const caller of ['gateway', 'product']) {
          expect((await app.request(method, `${path}/${name}`, { caller })).status).toBe(403);
        }
      }
    });

    it('takes the statement in, names the orders it is about, and compares them', async () => {
      const orderId = anOrder();
      await charge(orderId);

      const taken = await byOrder('POST', `${path}/statement`, { of: 'charges', ...window });
      const { body } = await byOrder('GET', `${path}/orders?in=statement&since=${window.since}&until=${window.until}`);
      const compared = await byOrder('POST', `${path}/compare`, { orderIds: [orderId], until: window.until, withProvider: true });

      expect([taken.status, taken.body.foreign]).toEqual([200, 0]);
      expect(taken.body.taken).toBeGreaterThan(0);
      expect(body).toEqual({ orderIds: expect.arrayContaining([orderId]), nextCursor: null });
      expect(compared.body).toMatchObject({ payments: [{ orderId, status: 'succeeded' }], moving: [], differences: [] });
    });

    it.each([
      ['POST', 'compare', { orderIds: [], until: window.until, withProvider: true }, 'orderIds'],
      ['POST', 'statement', { of: 'charges', since: 'yesterday', until: window.until }, 'since'],
      ['GET', `orders?in=payments&since=${window.since}&until=${window.until}&cursor=eA`, undefined, 'cursor'],
    ])('refuses a bad %s %s', async (method, name, body, field) => {
      expect(await byOrder(method, `${path}/${name}`, body)).toMatchObject({ status: 400, body: { errors: [{ field }] } });
    });
  });

  describe('the admin door', () => {
    const paths = ['/v1/admin/payments', '/v1/admin/ledger', '/v1/admin/ledger/balances'];

    it.each(paths)('%s is for admins', async (path) => {
      expect((await app.request('GET', path)).status).toBe(401);
      expect((await app.request('GET', path, { as: { role: 'customer' } })).status).toBe(403);
      expect((await app.request('GET', path, { as: { role: 'support' } })).status).toBe(403);
      expect((await asAdmin(path)).status).toBe(200);
    });

    it.each([
      ['/v1/admin/payments?limit=0', 'limit'],
      ['/v1/admin/payments?orderId=42', 'orderId'],
      ['/v1/admin/payments?cursor=eA', 'cursor'],
      ['/v1/admin/ledger?limit=101', 'limit'],
      ['/v1/admin/ledger?cursor=eA', 'cursor'],
    ])('%s is 400 and names %s', async (path, field) => {
      const { status, body } = await asAdmin(path);

      expect(status).toBe(400);
      expect(body.errors).toMatchObject([{ field }]);
    });

    it('shows books that agree with the provider', async () => {
      const { charged, refunded } = simulator.books.statement().totals[0] ?? { charged: 0, refunded: 0 };
      expect(charged).toBeGreaterThan(0);
      await expect
        .poll(async () => (await asAdmin('/v1/admin/ledger/balances')).body)
        .toEqual([
          { account: 'provider_clearing', currency: 'EUR', balance: charged - refunded },
          { account: 'refunds', currency: 'EUR', balance: refunded },
          { account: 'sales', currency: 'EUR', balance: -charged },
        ]);

      const entries: { id: string; amount: number }[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const { body } = await asAdmin(`/v1/admin/ledger?limit=7${cursor && `&cursor=${cursor}`}`);
        entries.push(...body.entries);
        cursor = body.nextCursor;
      }
      expect(new Set(entries.map((entry) => entry.id)).size).toBe(entries.length);
      expect(entries.reduce((sum, entry) => sum + entry.amount, 0)).toBe(0);
    });

    it('is described by the service', async () => {
      const { body } = await app.request('GET', '/openapi.json');

      expect(Object.keys(body.paths).sort()).toEqual(expect.arrayContaining(paths));
    });
  });
});
