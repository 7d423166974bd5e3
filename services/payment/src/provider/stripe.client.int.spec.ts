import { HttpClient } from '@emporium/http-client';
import { money } from '@emporium/money';
import { silentLogger } from '@emporium/telemetry';
import { answer, hang, type Script, type ScriptedServer, scriptedServer } from '@emporium/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChargeInstruction, RefundInstruction } from './provider.ts';
import { createStripeClient, type StripeClient } from './stripe.client.ts';

const instruction: ChargeInstruction = {
  orderId: '0b1c4dfe-1c9a-4d68-9a5e-0f6a4f3f5a01',
  paymentId: '0b1c4dfe-1c9a-4d68-9a5e-0f6a4f3f5a02',
  amount: money(1_000, 'EUR'),
  paymentMethod: 'pm_card_visa',
};
const refundInstruction: RefundInstruction = {
  refundId: '0b1c4dfe-1c9a-4d68-9a5e-0f6a4f3f5a03',
  orderId: instruction.orderId,
  chargeReference: 'pi_1',
  amount: money(400, 'EUR'),
};
const intent = (changes: object = {}) => ({
  id: 'pi_1',
  amount: 1_000,
  amount_received: 1_000,
  currency: 'eur',
  status: 'succeeded',
  ...changes,
});
const failure = (error: object) => ({ error: { message: 'no', ...error } });
const drop: Script = (request) => request.socket.destroy();

describe('the Stripe client', () => {
  let server: ScriptedServer;
  let http: HttpClient;
  let client: StripeClient;

  const json =
    (status: number, body: unknown): Script =>
    (_, response) => {
      response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_1' }).end(JSON.stringify(body));
    };
  const inTurn = (...scripts: Script[]): Script => {
    const left = [...scripts];
    return (request, response) => (left.shift() ?? json(500, failure({ type: 'api_error' })))(request, response);
  };

  beforeEach(async () => {
    server = await scriptedServer();
    http = new HttpClient({
      name: 'payment-provider',
      baseUrl: server.url,
      timeoutMs: 150,
      breaker: { volumeThreshold: 3, resetTimeoutMs: 60_000 },
      logger: silentLogger,
    });
    client = createStripeClient(http, { key: 'sk_test_spec', webhookSecret: 'whsec_spec' });
  });

  afterEach(async () => {
    await http.close();
    await server.close();
  });

  it('sends what Stripe wants: form, key, metadata', async () => {
    const bodies: string[] = [];
    server.behave((request, response) => {
      request.on('data', (chunk) => bodies.push(String(chunk)));
      request.on('end', () => json(200, intent())(request, response));
    });

    expect(await client.charge(instruction)).toEqual({ kind: 'succeeded', reference: 'pi_1', amount: money(1_000, 'EUR') });

    const [request] = server.requests;
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer sk_test_spec',
      'content-type': 'application/x-www-form-urlencoded',
      'idempotency-key': `charge-${instruction.orderId}`,
    });
    expect(Object.fromEntries(new URLSearchParams(bodies.join('')))).toMatchObject({
      amount: '1000',
      currency: 'eur',
      confirm: 'true',
      payment_method: 'pm_card_visa',
      'metadata[order_id]': instruction.orderId,
    });
  });

  it('sends a call once, whatever happens to its connection', async () => {
    server.behave(drop);

    await expect(client.charge(instruction)).rejects.toMatchObject({ code: 'payment-provider-unavailable' });

    expect(server.requests).toHaveLength(1);
  });

  it('gives up a call that hangs, for real', async () => {
    server.behave(hang);

    await expect(client.refund(refundInstruction)).rejects.toMatchObject({ code: 'payment-provider-timeout' });

    await expect.poll(() => server.open).toBe(0);
  });

  it('opens the circuit of a dead provider, and says so at once', async () => {
    server.behave(json(500, failure({ type: 'api_error' })));
    for (const _ of [1, 2, 3, 4]) await expect(client.charge(instruction)).rejects.toMatchObject({ kind: 'unavailable' });
    const asked = server.requests.length;

    await expect(client.charge(instruction)).rejects.toMatchObject({ code: 'payment-provider-unavailable' });

    expect(server.requests).toHaveLength(asked);
  });

  it('leaves the circuit closed over declined cards', async () => {
    server.behave(json(402, failure({ type: 'card_error', code: 'card_declined', decline_code: 'lost_card' })));

    for (const _ of [1, 2, 3, 4, 5, 6]) {
      expect(await client.charge(instruction)).toEqual({ kind: 'declined', reason: 'lost_card', reference: null });
    }
  });

  it('looks at an intent again that was not final when it answered first', async () => {
    server.behave(inTurn(json(200, intent({ status: 'processing' })), json(200, intent())));
    expect(await client.charge(instruction)).toMatchObject({ kind: 'succeeded' });

    server.behave(json(200, intent({ status: 'processing' })));
    await expect(client.charge(instruction)).rejects.toMatchObject({ code: 'payment-outcome-unknown' });

    server.behave(json(200, intent({ status: 'canceled', last_payment_error: null })));
    expect(await client.charge(instruction)).toMatchObject({ kind: 'declined', reason: 'canceled' });

    server.behave(json(200, intent({ status: 'requires_payment_method', last_payment_error: { code: 'expired_card' } })));
    expect(await client.charge(instruction)).toMatchObject({ kind: 'declined', reason: 'expired_card' });
  });

  it.each([
    ['a request that can never be done', 400, { type: 'invalid_request_error', code: 'amount_too_small' }, 'amount_too_small'],
    ['a request without a reason', 400, { type: 'invalid_request_error' }, 'invalid_request'],
    [
      'a card nobody knows',
      400,
      { type: 'invalid_request_error', code: 'resource_missing', param: 'payment_method' },
      'unknown_payment_method',
    ],
    ['a decline without a code', 402, { type: 'card_error' }, 'card_declined'],
  ])('takes %s for a decline', async (_, status, error, reason) => {
    server.behave(json(status, failure(error)));

    expect(await client.charge(instruction)).toMatchObject({ kind: 'declined', reason });
  });

  it.each([
    [
      'a key in use',
      json(409, failure({ type: 'idempotency_error', code: 'idempotency_key_in_use' })),
      'payment-outcome-unknown',
    ],
    ['a key used with other parameters', json(400, failure({ type: 'idempotency_error' })), 'payment-outcome-unknown'],
    ['too many requests', json(429, failure({ type: 'invalid_request_error', code: 'rate_limit' })), 'payment-outcome-unknown'],
    [
      'a page of a proxy',
      (_: unknown, response: Parameters<Script>[1]) => void response.writeHead(503).end('<html>'),
      'payment-outcome-unknown',
    ],
    ['a failure without an error', json(503, { status: 'down' }), 'payment-outcome-unknown'],
    ['a success without an intent', json(200, {}), 'payment-outcome-unknown'],
    ['a success that is no object', json(200, 'ok'), 'payment-outcome-unknown'],
    ['a wrong key', json(401, failure({ type: 'invalid_request_error' })), 'payment-provider-misconfigured'],
    ['a forbidden key', json(403, failure({ type: 'invalid_request_error' })), 'payment-provider-misconfigured'],
  ] as [string, Script, string][])('takes %s for no answer', async (_, script, code) => {
    server.behave(script);

    await expect(client.charge(instruction)).rejects.toMatchObject({ kind: 'unavailable', code });
  });

  describe('fencing', () => {
    it('closes a key that nobody used', async () => {
      server.behave(json(200, intent({ status: 'requires_payment_method' })));

      expect(await client.fence(instruction)).toBe('closed');
    });

    it.each([
      ['another request', json(400, failure({ type: 'idempotency_error' }))],
      ['a decline', json(402, failure({ type: 'card_error', code: 'card_declined' }))],
      ['a refused request', json(400, failure({ type: 'invalid_request_error' }))],
      ['a success, on a server that does not compare parameters', json(200, intent())],
    ])('sees a key that was used by %s', async (_, script) => {
      server.behave(script);

      expect(await client.fence(instruction)).toBe('used');
    });

    it('knows nothing while the charge still runs', async () => {
      server.behave(json(409, failure({ type: 'idempotency_error', code: 'idempotency_key_in_use' })));

      await expect(client.fence(instruction)).rejects.toMatchObject({ code: 'payment-outcome-unknown' });
    });
  });

  describe('looking for a charge', () => {
    it('finds the one that succeeded, or none', async () => {
      server.behave(
        json(200, {
          object: 'search_result',
          data: [intent({ id: 'pi_0', status: 'canceled' }), intent({ amount_received: undefined })],
        }),
      );
      expect(await client.findCharge(instruction.orderId)).toMatchObject({
        kind: 'succeeded',
        reference: 'pi_1',
        amount: { amount: 1_000 },
      });

      server.behave(json(200, { object: 'search_result', data: [] }));
      expect(await client.findCharge(instruction.orderId)).toBeUndefined();
    });

    it('says when it could not look', async () => {
      server.behave(json(500, failure({ type: 'api_error' })));

      await expect(client.findCharge(instruction.orderId)).rejects.toMatchObject({ kind: 'unavailable' });
    });
  });

  describe('refunding', () => {
    it.each([
      [json(200, { id: 're_1', status: 'succeeded' }), { kind: 'succeeded', reference: 're_1' }],
      [json(200, { id: 're_1', status: 'pending' }), { kind: 'succeeded', reference: 're_1' }],
      [
        json(200, { id: 're_1', status: 'failed', failure_reason: 'lost_or_stolen_card' }),
        { kind: 'failed', reason: 'lost_or_stolen_card', reference: 're_1' },
      ],
      [json(200, { id: 're_1', status: 'canceled' }), { kind: 'failed', reason: 'canceled', reference: 're_1' }],
      [
        json(400, failure({ type: 'invalid_request_error', code: 'charge_already_refunded' })),
        { kind: 'failed', reason: 'charge_already_refunded', reference: null },
      ],
      [json(400, failure({ type: 'invalid_request_error' })), { kind: 'failed', reason: 'invalid_request', reference: null }],
    ])('understands answer %#', async (script, outcome) => {
      server.behave(script);

      expect(await client.refund(refundInstruction)).toEqual(outcome);
    });

    it('knows nothing when the answer makes no sense', async () => {
      server.behave(json(200, { status: 'succeeded' }));

      await expect(client.refund(refundInstruction)).rejects.toMatchObject({ code: 'payment-outcome-unknown' });
    });
  });

  it('is kept busy by nothing but its own calls', async () => {
    server.behave(answer(200, intent()));

    await Promise.all(Array.from({ length: 20 }, () => client.charge(instruction)));

    expect(server.requests).toHaveLength(20);
  });
});
