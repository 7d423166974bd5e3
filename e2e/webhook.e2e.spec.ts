import { createHmac, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectBooksToAgree } from './books.ts';
import { administrator, anyone, provider } from './people.ts';
import { expectProblem } from './problem.ts';
import { send } from './raw.request.ts';
import type { ShopClient } from './shop.client.ts';

// The secret of development, which the simulator signs with too.
const secret = 'whsec_development';
const now = () => Math.floor(Date.now() / 1000);

function sign(payload: string, { key = secret, at = now() } = {}): string {
  return `t=${at},v1=${createHmac('sha256', key).update(`${at}.${payload}`).digest('hex')}`;
}

const deliver = (body: string, signature?: string) =>
  send({
    method: 'POST',
    path: '/v1/webhooks/stripe',
    body,
    headers: { 'content-type': 'application/json', ...(signature === undefined ? {} : { 'stripe-signature': signature }) },
  });

const event = (type: string, object: object, id = `evt_${randomUUID()}`) =>
  JSON.stringify({ id, object: 'event', api_version: '2026-10-28', created: now(), type, data: { object }, livemode: false });

describe('the provider’s webhook', () => {
  const customers = event('customer.created', { id: 'cus_1', object: 'customer' });
  let admin: ShopClient;
  let customer: ShopClient;

  beforeAll(async () => {
    admin = await administrator();
    customer = await anyone().newCustomer();
  });

  it('takes what is signed, also what means nothing to the shop, and takes it again', async () => {
    const body = event('customer.created', { id: 'cus_2', object: 'customer' });

    for (const answer of [await deliver(body, sign(body)), await deliver(body, sign(body))]) {
      expect(answer.status, answer.text).toBeGreaterThanOrEqual(200);
      expect(answer.status, answer.text).toBeLessThan(300);
    }
  });

  it.each([
    ['no signature', () => undefined],
    ['an empty signature', () => ''],
    ['garbage', () => 'garbage'],
    ['another secret', () => sign(customers, { key: 'whsec_other' })],
    ['a signature of another body', () => sign(`${customers} `)],
    ['a time six minutes ago', () => sign(customers, { at: now() - 360 })],
    ['a time moved by hand', () => sign(customers, { at: now() - 360 }).replace(/t=\d+/, `t=${now()}`)],
    ['a time that is none', () => sign(customers).replace(/t=\d+/, 't=abc')],
    ['no time', () => sign(customers).replace(/t=\d+,/, '')],
    ['only an older scheme', () => sign(customers).replace('v1=', 'v0=')],
  ])('refuses %s with 400', async (_, signature) => {
    expectProblem(await deliver(customers, signature()), 400);
  });

  it.each(['', '{}', 'null', '[]', '"text"', '{"id":"evt_1"', event('payment_intent.succeeded', {})])(
    'a signed body like %.30j is never a failure of ours',
    async (body) => {
      const answer = await deliver(body, sign(body));

      if (answer.status !== 200) expect(expectProblem(answer).status).toBe(400);
    },
  );

  it('told twice and late of a charge, charges and sells once', async () => {
    const product = await admin.newProduct(3);
    const { body: order } = await customer.buy([{ productId: product.id, quantity: 1 }]);
    const [payment] = await admin.payments(order.id);
    const intent = {
      id: payment?.providerReference,
      object: 'payment_intent',
      amount: order.total.amount,
      amount_received: order.total.amount,
      currency: 'eur',
      status: 'succeeded',
      metadata: { order_id: order.id },
    };
    const succeeded = event('payment_intent.succeeded', intent);
    const failed = event('payment_intent.payment_failed', { ...intent, status: 'requires_payment_method', amount_received: 0 });

    const answers = await Promise.all([succeeded, succeeded, failed, succeeded].map((body) => deliver(body, sign(body))));

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    await expectBooksToAgree(admin, provider(), [product.id], [await customer.order(order.id)]);
    expect((await customer.order(order.id)).status).toBe('confirmed');
  });

  it('knows nothing of an order it never heard of, and says 2xx', async () => {
    const body = event('payment_intent.succeeded', {
      id: 'pi_unknown',
      object: 'payment_intent',
      amount: 100,
      amount_received: 100,
      currency: 'eur',
      status: 'succeeded',
      metadata: { order_id: randomUUID() },
    });

    expect((await deliver(body, sign(body))).status).toBe(200);
  });
});
