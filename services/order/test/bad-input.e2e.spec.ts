import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { address, orderWorld } from './order-world.ts';

const id = randomUUID();
const cursorOf = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const order = { items: [{ productId: id, quantity: 1 }], shippingAddress: address, paymentMethod: 'pm_card_visa' };
const refund = { amount: { amount: 100, currency: 'EUR' }, reason: 'a scratch' };
const item = (change: object) => ({ ...order, items: [{ ...order.items[0], ...change }] });
const to = (change: object) => ({ ...order, shippingAddress: { ...address, ...change } });
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

type Case = [what: string, method: string, path: string, body: unknown, field: string];

const lists: Case[] = ['/v1/orders', '/v1/admin/orders', '/v1/admin/reconciliation'].flatMap((path): Case[] => [
  ['no limit at all', 'GET', `${path}?limit=0`, undefined, 'limit'],
  ['a limit above 100', 'GET', `${path}?limit=101`, undefined, 'limit'],
  ['a limit in words', 'GET', `${path}?limit=ten`, undefined, 'limit'],
  ['a limit with an exponent', 'GET', `${path}?limit=1e1`, undefined, 'limit'],
  ['two limits', 'GET', `${path}?limit=1&limit=2`, undefined, 'limit'],
  ['a cursor that is no text', 'GET', `${path}?cursor=%00`, undefined, 'cursor'],
  ['a cursor nobody gave out', 'GET', `${path}?cursor=garbage`, undefined, 'cursor'],
  ['a cursor of a wrong type', 'GET', `${path}?cursor=${cursorOf({ a: 1 })}`, undefined, 'cursor'],
  ['a cursor before all calendars', 'GET', `${path}?cursor=${cursorOf(['0000-01-01T00:00:00.000Z', id])}`, undefined, 'cursor'],
  ['a cursor on 30 February', 'GET', `${path}?cursor=${cursorOf(['2026-02-30T00:00:00.000Z', id])}`, undefined, 'cursor'],
  ['a cursor without an id', 'GET', `${path}?cursor=${cursorOf(['2026-01-01T00:00:00.000Z', "' or 1=1"])}`, undefined, 'cursor'],
  ['an endless cursor', 'GET', `${path}?cursor=${'a'.repeat(501)}`, undefined, 'cursor'],
]);

const ids: Case[] = ['x', '%00', "1'--", 'a'.repeat(400), '00000000-0000-0000-0000-00000000000g'].flatMap((bad): Case[] => [
  ['a product id', 'PUT', `/v1/cart/items/${bad}`, { quantity: 1 }, 'productId'],
  ['a product id', 'DELETE', `/v1/cart/items/${bad}`, undefined, 'productId'],
  ['an order id', 'GET', `/v1/orders/${bad}`, undefined, 'id'],
  ['an order id', 'POST', `/v1/orders/${bad}/cancel`, undefined, 'id'],
  ['an order id', 'GET', `/v1/admin/orders/${bad}`, undefined, 'id'],
  ['an order id', 'POST', `/v1/admin/orders/${bad}/refunds`, refund, 'id'],
  ['an order id', 'POST', `/v1/admin/orders/${bad}/ship`, undefined, 'id'],
  ['an order id', 'POST', `/v1/admin/orders/${bad}/deliver`, undefined, 'id'],
]);

const bodies: Case[] = [
  ['an unknown member', 'PUT', `/v1/cart/items/${id}`, { quantity: 1, price: 1 }, 'price'],
  ['no quantity', 'PUT', `/v1/cart/items/${id}`, {}, 'quantity'],
  ['an endless quantity', 'PUT', `/v1/cart/items/${id}`, '{"quantity":1e400}', 'quantity'],
  ['no items', 'POST', '/v1/orders', { ...order, items: [] }, 'items'],
  ['items that are none', 'POST', '/v1/orders', { ...order, items: 'all' }, 'items'],
  ['null for the cart', 'POST', '/v1/orders', { ...order, items: null }, 'items'],
  ['51 lines', 'POST', '/v1/orders', { ...order, items: Array(51).fill(order.items[0]) }, 'items'],
  ['a hundred pieces', 'POST', '/v1/orders', item({ quantity: 100 }), 'items.0.quantity'],
  ['less than nothing', 'POST', '/v1/orders', item({ quantity: -1 }), 'items.0.quantity'],
  ['half a piece', 'POST', '/v1/orders', item({ quantity: 0.5 }), 'items.0.quantity'],
  ['a number in quotes', 'POST', '/v1/orders', item({ quantity: '1' }), 'items.0.quantity'],
  ['a product that is no id', 'POST', '/v1/orders', item({ productId: 'lamp' }), 'items.0.productId'],
  ['a price', 'POST', '/v1/orders', item({ unitPrice: 1 }), 'items.0.unitPrice'],
  ['somebody else', 'POST', '/v1/orders', { ...order, userId: id }, 'userId'],
  ['no address', 'POST', '/v1/orders', { ...order, shippingAddress: undefined }, 'shippingAddress'],
  ['an empty name', 'POST', '/v1/orders', to({ name: '  ' }), 'shippingAddress.name'],
  ['a line break in a name', 'POST', '/v1/orders', to({ name: 'A\nB' }), 'shippingAddress.name'],
  ['an endless name', 'POST', '/v1/orders', to({ name: 'x'.repeat(121) }), 'shippingAddress.name'],
  ['a NUL', 'POST', '/v1/orders', to({ city: 'a\0b' }), 'shippingAddress.city'],
  ['half a character', 'POST', '/v1/orders', to({ city: '\ud800' }), 'shippingAddress.city'],
  ['a country in words', 'POST', '/v1/orders', to({ country: 'Britain' }), 'shippingAddress.country'],
  ['an unknown line', 'POST', '/v1/orders', to({ line3: 'x' }), 'shippingAddress.line3'],
  ['no payment method', 'POST', '/v1/orders', { ...order, paymentMethod: undefined }, 'paymentMethod'],
  ['a card number', 'POST', '/v1/orders', { ...order, paymentMethod: '4242424242424242' }, 'paymentMethod'],
  ['an endless payment method', 'POST', '/v1/orders', { ...order, paymentMethod: `pm_${'x'.repeat(101)}` }, 'paymentMethod'],
  ['a status there is not', 'GET', '/v1/admin/orders?status=lost', undefined, 'status'],
  ['two statuses', 'GET', '/v1/admin/orders?status=pending&status=shipped', undefined, 'status'],
  ['nothing to refund', 'POST', `/v1/admin/orders/${id}/refunds`, { reason: 'a scratch' }, 'amount'],
  [
    'a negative refund',
    'POST',
    `/v1/admin/orders/${id}/refunds`,
    { ...refund, amount: { amount: -1, currency: 'EUR' } },
    'amount.amount',
  ],
  [
    'an endless refund',
    'POST',
    `/v1/admin/orders/${id}/refunds`,
    { ...refund, amount: { amount: 1e15, currency: 'EUR' } },
    'amount.amount',
  ],
  [
    'a refund in words',
    'POST',
    `/v1/admin/orders/${id}/refunds`,
    { ...refund, amount: { amount: 1, currency: 'euro' } },
    'amount.currency',
  ],
  ['a refund for no reason', 'POST', `/v1/admin/orders/${id}/refunds`, { ...refund, reason: '' }, 'reason'],
  ['a refund for endless reasons', 'POST', `/v1/admin/orders/${id}/refunds`, { ...refund, reason: 'x'.repeat(201) }, 'reason'],
];

const keyed: [method: string, path: string, body: unknown][] = [
  ['POST', '/v1/orders', order],
  ['POST', `/v1/orders/${id}/cancel`, undefined],
  ['POST', `/v1/admin/orders/${id}/refunds`, refund],
];

const routes: [method: string, path: string, body?: unknown][] = [
  ['GET', '/v1/cart'],
  ['PUT', `/v1/cart/items/${id}`, { quantity: 1 }],
  ['DELETE', `/v1/cart/items/${id}`],
  ['DELETE', '/v1/cart'],
  ['GET', '/v1/orders'],
  ['GET', `/v1/orders/${id}`],
  ...keyed,
  ['GET', '/v1/admin/orders'],
  ['GET', `/v1/admin/orders/${id}`],
  ['POST', `/v1/admin/orders/${id}/ship`],
  ['POST', `/v1/admin/orders/${id}/deliver`],
  ['GET', '/v1/admin/reconciliation'],
  ['POST', '/v1/admin/reconciliation', { since: '2026-01-01T00:00:00.000Z' }],
  ['GET', '/v1/admin/dead-letters'],
  ['POST', `/v1/admin/dead-letters/${id}/requeue`],
];

describe('bad input', () => {
  const world = orderWorld('order_bad_input');
  const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    world.app.request(method, path, { as: { role: 'admin' }, body, headers: { 'idempotency-key': randomUUID(), ...headers } });

  it.each([...lists, ...ids, ...bodies])('%s: %s %s is refused, and the field named', async (_, method, path, body, field) => {
    const { status, body: problem, headers } = await send(method, path, body);

    expect([status, problem.code]).toEqual([400, 'invalid-request']);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(problem.errors.map((error: { field: string }) => error.field)).toEqual([field]);
  });

  it.each(keyed)('%s %s needs a key of 1 to 255 visible characters', async (method, path, body) => {
    const without = await world.app.request(method, path, { as: { role: 'admin' }, body });
    const bad = await Promise.all(
      ['', 'a b', 'k'.repeat(256), 'ü'].map((key) => send(method, path, body, { 'idempotency-key': key })),
    );

    for (const answer of [without, ...bad]) {
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'Idempotency-Key' }] } });
    }
  });

  it.each([
    ['{', 400],
    ['', 400],
    ['null', 400],
    ['[]', 400],
    ['"text"', 400],
    ['{"__proto__":{"a":1}}', 400],
    ['{"constructor":{"prototype":{"a":1}}}', 400],
    [nested(1_000), 400],
    [`{"a":"${'x'.repeat(1_100_000)}"}`, 413],
  ])('a body %.20s… is a problem on every route that takes one', async (body, expected) => {
    for (const [method, path] of routes.filter(([, , good]) => good !== undefined)) {
      const answer = await send(method, path, body);

      expect([method, path, answer.status]).toEqual([method, path, expected]);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    }
  });

  it.each(['text/plain', 'application/json\t; charset=utf-8', 'application/x-www-form-urlencoded'])(
    'a body of type %j is 415',
    async (type) => {
      expect((await send('POST', '/v1/orders', order, { 'content-type': type })).status).toBe(415);
    },
  );

  it.each(routes)('%s %s asks who is there before it looks at anything', async (method, path, body) => {
    const admin = path.startsWith('/v1/admin/');
    const bad = body === undefined ? undefined : '{';

    expect((await world.app.request(method, path, { caller: null, body: bad })).status).toBe(401);
    expect((await world.app.request(method, path, { caller: 'product', as: { role: 'admin' }, body: bad })).status).toBe(403);
    expect((await world.app.request(method, path, { body: bad })).status).toBe(401);
    if (admin) expect((await world.app.request(method, path, { as: { role: 'customer' }, body: bad })).status).toBe(403);
    if (admin && method === 'POST') {
      expect((await world.app.request(method, path, { as: { role: 'support' }, body: bad })).status).toBe(403);
    }
  });

  it('covers every route the service documents', async () => {
    const { body } = await world.app.request('GET', '/openapi.json');

    const documented = Object.entries<object>(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, id)}`),
    );
    expect(documented.sort()).toEqual(routes.map(([method, path]) => `${method} ${path}`).sort());
  });

  it('documents the key of the routes that want one, and of no others', async () => {
    const { body } = await world.app.request('GET', '/openapi.json');
    type Operation = { parameters?: { name: string; in: string; required?: boolean }[] };

    const withKey = Object.entries<Record<string, Operation>>(body.paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, { parameters = [] }]) =>
          parameters.some((it) => it.name === 'Idempotency-Key' && it.in === 'header' && it.required),
        )
        .map(([method]) => `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, id)}`),
    );
    expect(withKey.sort()).toEqual(keyed.map(([method, path]) => `${method} ${path}`).sort());
  });
});
