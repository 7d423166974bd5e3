import { randomUUID } from 'node:crypto';
import { orderListResponse } from '@emporium/contracts/order';
import { paymentSettled } from '@emporium/contracts/payment';
import { Outbox } from '@emporium/events';
import { beforeEach, describe, expect, it } from 'vitest';
import { address, type Customer, orderWorld } from './order-world.ts';

describe('orders after their purchase', () => {
  const world = orderWorld('order_lives', { CHECKOUT_RECOVERY_DELAY_MS: '60000' });
  let customer: Customer;
  const bought = async (): Promise<string> => {
    const { status, body } = await customer.buy({ items: [{ productId: world.products.onSale(), quantity: 1 }] });
    expect(status).toBe(201);
    return body.id;
  };

  beforeEach(() => {
    customer = world.customer();
  });

  it('that waited for their payment go on as soon as it is settled, and tell the others', async () => {
    world.payments.trouble = 'hang';
    const items = [{ productId: world.products.onSale(), quantity: 1 }];
    const hurry = { 'idempotency-key': randomUUID(), 'x-request-timeout-ms': '700' };
    const order = { items, shippingAddress: address, paymentMethod: 'pm_card_visa' };
    const { status, body } = await customer.call('POST', '/v1/orders', order, hurry);
    world.payments.trouble = undefined;

    await world.db.transaction((tx) => new Outbox().add(tx, paymentSettled, body.id, { orderId: body.id, outcome: 'succeeded' }));

    expect(status).toBe(202);
    const statusNow = async () => (await customer.call('GET', `/v1/orders/${body.id}`)).body.status;
    await expect.poll(statusNow, { timeout: 15_000 }).toBe('confirmed');
    const told = async () => {
      const entries = await world.redis.redis.xrange('order.events', '-', '+');
      return entries.map(([, fields]) => JSON.parse(fields[fields.indexOf('envelope') + 1] ?? '{}'));
    };
    await expect
      .poll(told, { timeout: 15_000 })
      .toContainEqual(
        expect.objectContaining({ type: 'order.confirmed.v1', data: expect.objectContaining({ orderId: body.id, items }) }),
      );
  });

  it('are listed newest first, page by page', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) ids.unshift(await bought());

    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { status, body } = await customer.call('GET', `/v1/orders?limit=2${cursor && `&cursor=${cursor}`}`);
      expect(status).toBe(200);
      const page = orderListResponse.parse(body);
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }

    expect(seen).toEqual(ids);
  });

  it('are there for their owner and for staff, and for nobody else', async () => {
    const id = await bought();
    const other = world.customer();

    for (const path of [`/v1/orders/${id}`, `/v1/orders/${randomUUID()}`]) {
      expect(await other.call('GET', path)).toMatchObject({ status: 404, body: { code: 'order-not-found' } });
    }
    expect((await other.cancel(id)).status).toBe(404);
    expect((await other.call('GET', '/v1/orders')).body.items).toEqual([]);
    for (const role of ['admin', 'support'] as const) {
      expect(await world.staff(role, 'GET', `/v1/admin/orders/${id}`)).toMatchObject({ status: 200, body: { id } });
    }
  });

  it('are listed for staff, by status too', async () => {
    const [first, second] = [await bought(), await bought()];
    await customer.cancel(first);
    const listed = async (query: string) =>
      orderListResponse.parse((await world.staff('support', 'GET', `/v1/admin/orders${query}`)).body).items.map(({ id }) => id);

    expect((await listed('')).slice(0, 2)).toEqual([second, first]);
    expect((await listed('?status=cancelled'))[0]).toBe(first);
    expect(await listed('?status=cancelled')).not.toContain(second);
    const { body } = await world.staff('admin', 'GET', '/v1/admin/orders?limit=1');
    expect((await listed(`?limit=1&cursor=${body.nextCursor}`))[0]).toBe(first);
  });

  it('are shipped, then delivered, by admins only', async () => {
    const id = await bought();
    const move = (role: 'admin' | 'support', step: string) => world.staff(role, 'POST', `/v1/admin/orders/${id}/${step}`);

    expect([(await move('support', 'ship')).status, (await move('support', 'deliver')).status]).toEqual([403, 403]);
    expect(await move('admin', 'deliver')).toMatchObject({ status: 409, body: { code: 'order-cannot-change' } });
    expect(await move('admin', 'ship')).toMatchObject({ status: 200, body: { status: 'shipped', version: 3 } });
    expect((await customer.cancel(id)).status).toBe(409);
    expect((await move('admin', 'ship')).status).toBe(409);
    expect(await move('admin', 'deliver')).toMatchObject({ status: 200, body: { status: 'delivered', version: 4 } });
    const { body } = await customer.call('GET', `/v1/orders/${id}`);
    expect(body.history.map(({ status }: { status: string }) => status)).toEqual([
      'pending',
      'confirmed',
      'shipped',
      'delivered',
    ]);
    expect((await world.staff('admin', 'POST', `/v1/admin/orders/${randomUUID()}/ship`)).status).toBe(404);
  });

  it('are either shipped or cancelled when both are asked for at once', async () => {
    const id = await bought();

    const answers = await Promise.all([
      world.staff('admin', 'POST', `/v1/admin/orders/${id}/ship`),
      customer.cancel(id),
      world.staff('admin', 'POST', `/v1/admin/orders/${id}/ship`),
      customer.cancel(id),
    ]);

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
  });

  describe('are cancelled', () => {
    it('with the money back and the units on hand before the answer', async () => {
      const id = await bought();

      const { status, body } = await customer.cancel(id);

      expect([status, body.status, body.version]).toEqual([200, 'cancelled', 3]);
      expect([world.products.reservationOf(id), world.payments.kept(id)]).toEqual(['returned', 0]);
    });

    it('once per key: a repetition gets the same answer, another key a refusal', async () => {
      const [id, key] = [await bought(), randomUUID()];

      const first = await customer.cancel(id, key);
      const again = await customer.cancel(id, key);
      const other = await customer.cancel(id);

      expect([again.status, JSON.stringify(again.body)]).toEqual([200, JSON.stringify(first.body)]);
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      expect(other).toMatchObject({ status: 409, body: { code: 'order-cannot-change' } });
      expect((await customer.cancel(await bought(), key)).status).toBe(422);
    });

    it('with a refusal that stays the answer of its key', async () => {
      const [id, key] = [await bought(), randomUUID()];
      await world.staff('admin', 'POST', `/v1/admin/orders/${id}/ship`);

      const first = await customer.cancel(id, key);
      const again = await customer.cancel(id, key);

      expect([first.status, again.status]).toEqual([409, 409]);
      expect(JSON.stringify(again.body)).toBe(JSON.stringify(first.body));
      for (const { headers } of [first, again]) expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect([first, again].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true']);
      const [missing, missingKey] = [randomUUID(), randomUUID()];
      await customer.cancel(missing, missingKey);
      expect((await customer.cancel(missing, missingKey)).headers.get('idempotency-replayed')).toBe('true');
    });

    it('within 3 s while payment and product service hang; a job does the rest', async () => {
      const id = await bought();
      world.payments.trouble = 'hang';
      world.products.trouble = 'hang';

      const begun = performance.now();
      const { status, body } = await customer.cancel(id);

      expect([status, body.status]).toEqual([200, 'cancelled']);
      expect(performance.now() - begun).toBeLessThan(3_000);
      world.payments.trouble = undefined;
      world.products.trouble = undefined;
      await expect.poll(() => world.payments.kept(id), { timeout: 15_000 }).toBe(0);
      await expect.poll(() => world.products.reservationOf(id), { timeout: 15_000 }).toBe('returned');
    });

    it('with the money back although the product service is away', async () => {
      const id = await bought();
      world.products.trouble = 'drop';

      expect((await customer.cancel(id)).status).toBe(200);

      expect(world.payments.kept(id)).toBe(0);
    });
  });

  describe('are refunded', () => {
    const refund = (id: string, amount: number, key: string | undefined = randomUUID(), role: 'admin' | 'support' = 'admin') =>
      world.staff(
        role,
        'POST',
        `/v1/admin/orders/${id}/refunds`,
        { amount: { amount, currency: 'EUR' }, reason: 'a scratch' },
        key,
      );
    // The same member of staff: keys belong to a user.
    const byOne = (sub: string, id: string, amount: number, key: string) =>
      world.app.request('POST', `/v1/admin/orders/${id}/refunds`, {
        as: { sub, role: 'admin' },
        body: { amount: { amount, currency: 'EUR' }, reason: 'a scratch' },
        headers: { 'idempotency-key': key },
      });

    it('in parts, by admins only, never more than was paid; the units stay sold', async () => {
      const id = await bought();

      expect((await refund(id, 400, undefined, 'support')).status).toBe(403);
      expect(await refund(id, 600)).toMatchObject({
        status: 201,
        body: { orderId: id, amount: { amount: 600 }, reason: 'a scratch', status: 'succeeded' },
      });
      expect(await refund(id, 600)).toMatchObject({ status: 409, body: { code: 'refund-exceeds-charge' } });
      expect([world.payments.kept(id), world.products.reservationOf(id)]).toEqual([400, 'committed']);
      expect((await refund(randomUUID(), 1)).status).toBe(404);
    });

    it('once per key, refusals included', async () => {
      const [id, sub, key, refusedKey] = [await bought(), randomUUID(), randomUUID(), randomUUID()];

      const [first, again] = [await byOne(sub, id, 400, key), await byOne(sub, id, 400, key)];
      const refused = await byOne(sub, id, 601, refusedKey);
      const refusedAgain = await byOne(sub, id, 601, refusedKey);

      expect([again.status, JSON.stringify(again.body)]).toEqual([201, JSON.stringify(first.body)]);
      expect(world.payments.kept(id)).toBe(600);
      expect((await byOne(sub, id, 401, key)).status).toBe(422);
      expect([refused.status, refusedAgain.status]).toEqual([409, 409]);
      expect(JSON.stringify(refusedAgain.body)).toBe(JSON.stringify(refused.body));
      expect(refusedAgain.headers.get('idempotency-replayed')).toBe('true');
    });

    it('with a key that is free again after a failure that says nothing about the order', async () => {
      const [id, sub, key] = [await bought(), randomUUID(), randomUUID()];
      world.payments.trouble = 'drop';
      expect((await byOne(sub, id, 400, key)).status).toBe(503);
      world.payments.trouble = undefined;

      await expect.poll(async () => (await byOne(sub, id, 400, key)).status).toBe(201);
      expect(world.payments.kept(id)).toBe(600);
    });

    it('within 3 s while the payment service hangs: the refund is not known to be ordered, and the key is free', async () => {
      const [id, sub, key] = [await bought(), randomUUID(), randomUUID()];
      world.payments.trouble = 'hang';

      const begun = performance.now();
      const hung = await byOne(sub, id, 400, key);

      expect([hung.status, hung.body.code]).toEqual([504, 'payment-timeout']);
      expect(performance.now() - begun).toBeLessThan(3_000);
      world.payments.trouble = undefined;
      expect((await byOne(sub, id, 400, key)).status).toBe(201);
    });

    it('with 202 while the provider has not said that it took the refund; the same key hears the same', async () => {
      const [id, sub, key] = [await bought(), randomUUID(), randomUUID()];
      world.payments.trouble = { body: { refundId: randomUUID(), status: 'pending' } };

      const first = await byOne(sub, id, 400, key);
      world.payments.trouble = undefined;
      const again = await byOne(sub, id, 400, key);

      expect(first).toMatchObject({ status: 202, body: { orderId: id, amount: { amount: 400 }, status: 'pending' } });
      expect([again.status, JSON.stringify(again.body)]).toEqual([202, JSON.stringify(first.body)]);
    });

    it('in the currency of the charge, or told which field is wrong', async () => {
      const id = await bought();
      const errors = [{ field: 'amount.currency', message: 'must be EUR, as the charge is' }];
      const [status, code, detail] = [400, 'invalid-request', 'No.'];
      world.payments.trouble = { status, body: { type: 'about:blank', title: 'No', status, detail, code, errors } };

      expect(await refund(id, 400)).toMatchObject({ status, body: { code, errors } });
    });

    it('only when they were paid', async () => {
      const { body } = await customer.buy({ items: [{ productId: world.products.onSale(0), quantity: 1 }] });

      expect(await refund(body.orderId, 1)).toMatchObject({ status: 409, body: { code: 'order-not-refundable' } });
    });
  });
});
