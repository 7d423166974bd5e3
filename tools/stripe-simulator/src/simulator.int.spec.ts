import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSimulator, type Simulator } from './simulator.ts';
import { signature } from './webhooks.ts';

const secret = 'whsec_test';

interface Received {
  type: string;
  id: string;
  signed: boolean;
}

/** A webhook address that refuses the first `refusals` deliveries. */
async function listenForWebhooks(refusals = 0) {
  const received: Received[] = [];
  let left = refusals;
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const payload = Buffer.concat(chunks).toString();
      const header = String(request.headers['stripe-signature']);
      const timestamp = Number(/t=(\d+)/.exec(header)?.[1]);
      if (left > 0) {
        left -= 1;
        response.writeHead(503).end();
        return;
      }
      const event = JSON.parse(payload) as Received;
      received.push({ type: event.type, id: event.id, signed: header === signature(payload, secret, timestamp) });
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/hook`, received, close: () => new Promise((resolve) => server.close(resolve)) };
}

let hook: Awaited<ReturnType<typeof listenForWebhooks>>;
let simulator: Simulator;
let address: string;

async function start(refusals = 0) {
  hook = await listenForWebhooks(refusals);
  simulator = createSimulator({ webhooks: { url: hook.url, secret, firstRetryMs: 5 } });
  address = await simulator.listen(0);
}

const form = (fields: Record<string, string | number>) =>
  new URLSearchParams(Object.entries(fields).map(([name, value]): [string, string] => [name, String(value)]));

async function post(path: string, fields: Record<string, string | number>, key?: string, signal?: AbortSignal) {
  const response = await fetch(`${address}${path}`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk_test_1', ...(key && { 'idempotency-key': key }) },
    body: form(fields),
    ...(signal && { signal }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: a Stripe object of any kind
  return { status: response.status, headers: response.headers, body: (await response.json()) as any };
}

async function get(path: string) {
  const response = await fetch(`${address}${path}`, { headers: { authorization: 'Bearer sk_test_1' } });
  // biome-ignore lint/suspicious/noExplicitAny: a Stripe object of any kind
  return { status: response.status, body: (await response.json()) as any };
}

async function control(method: string, path: string, body?: object) {
  const response = await fetch(`${address}/_control${path}`, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: answers of the control API
  return { status: response.status, body: (await response.json()) as any };
}

const charge = (fields: Record<string, string | number> = {}, key?: string, signal?: AbortSignal) =>
  post(
    '/v1/payment_intents',
    {
      amount: 1000,
      currency: 'eur',
      payment_method: 'pm_card_visa',
      confirm: 'true',
      'metadata[order_id]': 'order-1',
      ...fields,
    },
    key,
    signal,
  );

const books = async (orderId?: string) => (await control('GET', `/books${orderId ? `?orderId=${orderId}` : ''}`)).body;

beforeEach(() => start());

afterEach(async () => {
  await simulator.close();
  await hook.close();
});

describe('a payment intent', () => {
  it('moves the money of a good card and keeps the metadata', async () => {
    const { status, body } = await charge();

    expect(status).toBe(200);
    expect(body).toMatchObject({ object: 'payment_intent', status: 'succeeded', amount_received: 1000, currency: 'eur' });
    expect(body.metadata).toEqual({ order_id: 'order-1' });
    expect((await get(`/v1/payment_intents/${body.id}`)).body.id).toBe(body.id);
    expect((await get(`/v1/charges/${body.latest_charge}`)).body.amount_captured).toBe(1000);
  });

  it.each([
    ['pm_card_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', undefined],
  ])('is declined for %s as Stripe words it', async (card, code, declineCode) => {
    const { status, body } = await charge({ payment_method: card });

    expect(status).toBe(402);
    expect(body.error).toMatchObject({ type: 'card_error', code, payment_intent: { status: 'requires_payment_method' } });
    expect(body.error.decline_code).toBe(declineCode);
    expect((await books()).totals).toEqual([]);
  });

  it('is refused, not moved, for a card that wants the customer to sign in when errors are asked for', async () => {
    const refused = await charge({ payment_method: 'pm_card_authenticationRequired', error_on_requires_action: 'true' });
    const waiting = await charge({ payment_method: 'pm_card_authenticationRequired' });

    expect(refused.body.error.code).toBe('authentication_required');
    expect(waiting.body.status).toBe('requires_action');
  });

  it.each([
    [{ amount: '' }, 'amount', 'parameter_missing'],
    [{ amount: 'ten' }, 'amount', 'parameter_invalid_integer'],
    [{ amount: 0 }, 'amount', 'parameter_invalid_integer'],
    [{ amount: 100_000_000 }, 'amount', 'amount_too_large'],
    [{ currency: '' }, 'currency', 'parameter_missing'],
    [{ currency: 'euros' }, 'currency', undefined],
    [{ payment_method: 'pm_unknown' }, 'payment_method', 'resource_missing'],
    [{ 'payment_method[a]': 'x' }, 'payment_method', undefined],
  ])('is refused for bad parameters %j', async (fields, param, code) => {
    const { status, body } = await charge(fields);

    expect(status).toBe(400);
    expect(body.error).toMatchObject({ type: 'invalid_request_error', param });
    expect(body.error.code).toBe(code);
  });

  it('is created first and confirmed later, once', async () => {
    const created = await charge({ confirm: 'false' });
    const confirmed = await post(`/v1/payment_intents/${created.body.id}/confirm`, {});
    const again = await post(`/v1/payment_intents/${created.body.id}/confirm`, {});

    expect(created.body.status).toBe('requires_confirmation');
    expect(confirmed.body.status).toBe('succeeded');
    expect(again.body.error.code).toBe('payment_intent_unexpected_state');
  });

  it('cannot be confirmed without a card or after a cancel, nor cancelled after the money moved', async () => {
    const bare = await charge({ payment_method: '', confirm: 'false' });
    const withoutCard = await post(`/v1/payment_intents/${bare.body.id}/confirm`, {});
    const cancelled = await post(`/v1/payment_intents/${bare.body.id}/cancel`, { cancellation_reason: 'abandoned' });
    const late = await post(`/v1/payment_intents/${bare.body.id}/confirm`, { payment_method: 'pm_card_visa' });
    const paid = await charge();
    const tooLate = await post(`/v1/payment_intents/${paid.body.id}/cancel`, {});

    expect(withoutCard.body.error.message).toContain('missing a payment method');
    expect(cancelled.body).toMatchObject({ status: 'canceled', cancellation_reason: 'abandoned' });
    expect(late.status).toBe(400);
    expect(tooLate.body.error.code).toBe('payment_intent_unexpected_state');
  });

  it('is found by its metadata and in pages', async () => {
    const first = await charge({ 'metadata[order_id]': 'order-a' });
    const second = await charge({ 'metadata[order_id]': 'order-b' });

    const found = await get(`/v1/payment_intents/search?query=${encodeURIComponent("metadata['order_id']:'order-a'")}`);
    const page = await get('/v1/payment_intents?limit=1');
    const next = await get(`/v1/payment_intents?limit=1&starting_after=${page.body.data[0].id}`);

    expect(found.body.data.map((intent: { id: string }) => intent.id)).toEqual([first.body.id]);
    expect(page.body).toMatchObject({ has_more: true, data: [{ id: second.body.id }] });
    expect(next.body).toMatchObject({ has_more: false, data: [{ id: first.body.id }] });
    expect((await get('/v1/payment_intents/search?query=amount>5')).status).toBe(400);
    expect((await get('/v1/payment_intents?limit=101')).status).toBe(400);
    expect((await get('/v1/payment_intents?starting_after=pi_none')).status).toBe(400);
  });

  it('can be listed by when they were created', async () => {
    const [early, late] = [await charge(), await charge()];
    const created = (id: string) => simulator.books.intents.get(id) ?? { created: 0 };
    created(early.body.id).created = 1_000;
    created(late.body.id).created = 2_000;
    const idsOf = async (query: string) =>
      (await get(`/v1/payment_intents?${query}`)).body.data.map((intent: { id: string }) => intent.id);

    expect(await idsOf('created[gte]=1000&created[lt]=2000')).toEqual([early.body.id]);
    expect(await idsOf('created[gt]=1000&created[lte]=2000')).toEqual([late.body.id]);
    expect(await idsOf('created=2000')).toEqual([late.body.id]);
    expect(await idsOf('created[gte]=1000')).toEqual([late.body.id, early.body.id]);
    for (const bad of ['created[gte]=today', 'created[since]=1', 'created=now']) {
      expect((await get(`/v1/payment_intents?${bad}`)).status).toBe(400);
    }
  });

  it('is not served without a key, and an unknown one is 404', async () => {
    expect((await fetch(`${address}/v1/payment_intents`)).status).toBe(401);
    expect((await get('/v1/payment_intents/pi_none')).body.error.code).toBe('resource_missing');
    expect((await get('/v1/charges/ch_none')).status).toBe(404);
    expect((await get('/v1/nothing')).status).toBe(404);
  });
});

describe('an idempotency key', () => {
  it('answers the same request with the same answer, and charges once', async () => {
    const first = await charge({}, 'key-1');
    const second = await charge({}, 'key-1');

    expect(second.body).toEqual(first.body);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect((await books()).charges).toHaveLength(1);
  });

  it('repeats a decline', async () => {
    const first = await charge({ payment_method: 'pm_card_chargeDeclined' }, 'key-1');
    const second = await charge({ payment_method: 'pm_card_chargeDeclined' }, 'key-1');

    expect(second.status).toBe(402);
    expect(second.body).toEqual(first.body);
  });

  it('refuses other parameters', async () => {
    await charge({}, 'key-1');
    const other = await charge({ amount: 2000 }, 'key-1');

    expect(other.status).toBe(400);
    expect(other.body.error.type).toBe('idempotency_error');
  });

  it('answers 409 while its first request still runs', async () => {
    await control('POST', '/script', { next: [{ fault: 'delay', delayMs: 200 }] });

    const answers = await Promise.all(Array.from({ length: 20 }, () => charge({}, 'key-1')));

    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(answers.filter((answer) => answer.body.error?.code === 'idempotency_key_in_use')).toHaveLength(19);
  });

  it('is free again after a request refused at the door', async () => {
    await charge({ amount: 0 }, 'key-1');

    expect((await charge({}, 'key-1')).status).toBe(200);
  });
});

describe('a refund', () => {
  it('gives back parts until nothing is left', async () => {
    const { body } = await charge();
    const part = await post('/v1/refunds', { payment_intent: body.id, amount: 400 });
    const tooMuch = await post('/v1/refunds', { payment_intent: body.id, amount: 601 });
    const rest = await post('/v1/refunds', { charge: body.latest_charge });
    const again = await post('/v1/refunds', { payment_intent: body.id });

    expect(part.body).toMatchObject({ status: 'succeeded', amount: 400 });
    expect(tooMuch.body.error.message).toContain('greater than unrefunded amount');
    expect(rest.body.amount).toBe(600);
    expect(again.body.error.code).toBe('charge_already_refunded');
    expect((await get(`/v1/refunds?payment_intent=${body.id}`)).body.data).toHaveLength(2);
    expect((await get(`/v1/refunds?charge=${body.latest_charge}`)).body.data).toHaveLength(2);
    expect((await get(`/v1/charges?payment_intent=${body.id}`)).body.data[0].refunded).toBe(true);
    expect((await books('order-1')).totals).toEqual([{ currency: 'eur', charged: 1000, refunded: 1000, net: 0 }]);
    expect((await books('another')).charges).toEqual([]);
  });

  it('is not counted with the others by a provider that trusts the shop', async () => {
    const { body } = await charge();
    await control('PATCH', '/settings', { trusting: true });

    const answers = [600, 600, 1001].map((amount) => post('/v1/refunds', { payment_intent: body.id, amount }));

    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 400]);
    expect((await books('order-1')).totals).toEqual([{ currency: 'eur', charged: 1000, refunded: 1200, net: -200 }]);
  });

  it('needs a captured charge', async () => {
    const open = await charge({ confirm: 'false' });

    expect((await post('/v1/refunds', {})).body.error.code).toBe('parameter_missing');
    expect((await post('/v1/refunds', { payment_intent: 'pi_none' })).status).toBe(404);
    expect((await post('/v1/refunds', { charge: 'ch_none' })).status).toBe(404);
    expect((await post('/v1/refunds', { payment_intent: open.body.id })).status).toBe(400);
    expect((await post('/v1/refunds', { payment_intent: open.body.id, metadata: 'flat' })).status).toBe(400);
    expect((await get('/v1/refunds/re_none')).status).toBe(404);
  });

  it('can stay pending, and end well or badly', async () => {
    const slow = await charge({ payment_method: 'pm_card_pendingRefund' });
    const bad = await charge({ payment_method: 'pm_card_refundFail' });
    const waits = await post('/v1/refunds', { payment_intent: slow.body.id });
    const fails = await post('/v1/refunds', { payment_intent: bad.body.id });

    expect(waits.body.status).toBe('pending');
    expect((await control('POST', `/refunds/${waits.body.id}/settle`)).body.status).toBe('succeeded');
    expect((await control('POST', `/refunds/${waits.body.id}/settle`)).body.status).toBe('succeeded');
    expect((await control('POST', `/refunds/${fails.body.id}/settle`)).body.status).toBe('failed');
    expect((await get(`/v1/refunds/${fails.body.id}`)).body.failure_reason).toBe('expired_or_canceled_card');
    expect((await books()).totals[0].net).toBe(1000);
  });
});

describe('faults on request', () => {
  it('fails without acting, as often as it was told', async () => {
    await control('POST', '/script', { next: [{ fault: 'fail', status: 503, times: 2 }] });

    const answers = [await charge({}, 'key-1'), await charge({}, 'key-1'), await charge({}, 'key-1')];

    expect(answers.map((answer) => answer.status)).toEqual([503, 503, 200]);
    expect((await books()).charges).toHaveLength(1);
  });

  it('loses a reply: acts, then drops the connection; the same key tells the outcome', async () => {
    await control('POST', '/script', { next: [{ fault: 'lose-reply', on: 'charge' }] });

    await expect(charge({}, 'key-1')).rejects.toThrow();

    expect((await books()).charges).toHaveLength(1);
    expect((await charge({}, 'key-1')).headers.get('idempotent-replayed')).toBe('true');
    expect((await books()).charges).toHaveLength(1);
  });

  it('answers garbage after acting; the same key tells the outcome', async () => {
    await control('POST', '/script', { next: [{ fault: 'garbage', on: 'charge' }] });

    await expect(charge({}, 'key-1')).rejects.toThrow(SyntaxError);

    expect((await books()).charges).toHaveLength(1);
    expect((await charge({}, 'key-1')).headers.get('idempotent-replayed')).toBe('true');
  });

  it('answers after its webhooks when told so', async () => {
    await control('POST', '/script', { next: [{ fault: 'late-reply', on: 'charge', delayMs: 60_000 }] });

    const patience = new AbortController();
    const answered = vi.fn();
    const waiting = charge({}, 'key-1', patience.signal).then(answered, () => undefined);
    await expect.poll(() => hook.received.map(({ type }) => type), { timeout: 10_000 }).toContain('payment_intent.succeeded');

    expect((await books()).charges).toHaveLength(1);
    patience.abort();
    await waiting;
    expect(answered).not.toHaveBeenCalled();
  });

  it('takes less than it is asked for, and says so ever after', async () => {
    await control('POST', '/script', { next: [{ fault: 'wrong-amount', on: 'charge' }] });

    const first = await charge({ amount: 1_000 }, 'key-1');

    expect(first.body.amount_received).toBe(999);
    expect((await books()).charges).toMatchObject([{ amount: 999 }]);
    expect((await charge({ amount: 1_000 }, 'key-1')).body.amount_received).toBe(999);
  });

  it('hangs without acting until the caller goes away, then the key is free', async () => {
    await control('POST', '/script', { next: [{ fault: 'hang' }] });

    await expect(charge({}, 'key-1', AbortSignal.timeout(50))).rejects.toThrow();

    await expect.poll(async () => (await charge({}, 'key-1')).status).toBe(200);
  });

  it('hangs after acting when told so, and can fail after acting', async () => {
    await control('POST', '/script', {
      next: [
        { fault: 'hang', acts: true },
        { fault: 'fail', acts: true, status: 500 },
      ],
    });

    await expect(charge({}, 'key-1', AbortSignal.timeout(50))).rejects.toThrow();
    expect((await charge({ 'metadata[order_id]': 'order-2' }, 'key-2')).status).toBe(500);

    expect((await books()).charges).toHaveLength(2);
  });

  it('keeps standing rates until a reset', async () => {
    await control('PATCH', '/settings', { failureRate: 1, failureStatus: 429 });
    const limited = await charge();
    await control('PATCH', '/settings', { failureRate: 0, lostReplyRate: 1 });
    await expect(charge()).rejects.toThrow();
    await control('PATCH', '/settings', { lostReplyRate: 0, hangRate: 1 });
    await expect(charge({}, 'key-1', AbortSignal.timeout(50))).rejects.toThrow();
    await control('POST', '/reset');

    expect(limited.body.error.code).toBe('rate_limit');
    expect((await charge()).status).toBe(200);
    expect((await control('GET', '/settings')).body).toMatchObject({ failureRate: 0, script: [] });
  });

  it('touches only the calls a fault is meant for, and delays replays too', async () => {
    await control('POST', '/script', {
      next: [
        { fault: 'fail', on: 'refund' },
        { fault: 'none', on: 'charge' },
      ],
    });
    const paid = await charge({}, 'key-1');
    await control('POST', '/script', { next: [{ fault: 'delay', on: 'charge', delayMs: 30 }] });
    const begun = performance.now();
    await charge({}, 'key-1');

    expect(paid.status).toBe(200);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(25);
    expect((await post('/v1/refunds', { payment_intent: paid.body.id })).status).toBe(500);
  });

  it('refuses settings it does not know', async () => {
    expect((await control('PATCH', '/settings', { speed: 'slow' })).status).toBe(400);
    expect((await control('POST', '/script', { next: [] })).status).toBe(400);
  });
});

describe('webhooks', () => {
  it('are signed and sent for what happened', async () => {
    const { body } = await charge();
    await post('/v1/refunds', { payment_intent: body.id });

    await expect
      .poll(() => hook.received.map((event) => event.type).sort())
      .toEqual(['charge.refunded', 'charge.succeeded', 'payment_intent.succeeded', 'refund.created']);
    expect(hook.received.every((event) => event.signed)).toBe(true);
  });

  it('are tried again until they are taken', async () => {
    await simulator.close();
    await hook.close();
    await start(3);

    await charge();

    await expect.poll(() => hook.received.length).toBe(2);
    await expect.poll(async () => (await control('GET', '/webhooks')).body.deliveries.length).toBe(5);
  });

  it('come twice, late or in reverse when told so', async () => {
    await control('PATCH', '/settings', { webhooks: { duplicates: 1, hold: true } });
    await charge();
    expect(hook.received).toEqual([]);

    expect((await control('POST', '/webhooks/flush', { reverse: true })).body.sent).toBe(2);
    await expect.poll(() => hook.received.length).toBe(4);
    expect(new Set(hook.received.map((event) => event.id)).size).toBe(2);

    await control('PATCH', '/settings', { webhooks: { duplicates: 0, hold: false, reorder: true, delayMs: 5 } });
    await charge();
    await expect.poll(() => hook.received.length).toBe(6);
  });

  it('can be sent again by hand, or not at all', async () => {
    await control('PATCH', '/settings', { webhooks: { enabled: false } });
    await charge();
    const { events } = (await control('GET', '/webhooks')).body;

    expect((await control('POST', '/webhooks/resend', { eventId: events[1].id })).body.sent).toBe(1);
    await expect.poll(() => hook.received.map((event) => event.id)).toEqual([events[1].id]);
    expect((await control('POST', '/webhooks/resend')).body.sent).toBe(2);
  });

  it('give up on an address that never answers', async () => {
    await simulator.close();
    simulator = createSimulator({ webhooks: { url: 'http://127.0.0.1:1/none', secret, firstRetryMs: 1, attempts: 3 } });
    address = await simulator.listen(0);

    await charge();

    await expect.poll(() => simulator.webhooks.deliveries.length).toBe(6);
    expect(simulator.webhooks.deliveries.every((delivery) => delivery.status === 'failed')).toBe(true);
  });
});

describe('the process', () => {
  it('says that it is alive', async () => {
    expect(await (await fetch(`${address}/health`)).json()).toEqual({ status: 'ok' });
  });
});
