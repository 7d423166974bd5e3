import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const sourceFolder = import.meta.dirname;

interface Process {
  readonly child: ChildProcess;
  readonly address: string;
}

// biome-ignore lint/suspicious/noExplicitAny: a Stripe object of any kind
type Answer = { status: number; headers: Headers; body: any };

/** The simulator as a program of its own, which can be killed. */
describe('a simulator with a data file', { timeout: 60_000 }, () => {
  let folder: string;
  let file: string;
  let running: Process | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'simulator-'));
    file = join(folder, 'books.jsonl');
  });
  afterEach(async () => {
    await end('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  const launch = (): ChildProcess =>
    spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--experimental-transform-types', 'main.ts'], {
      cwd: sourceFolder,
      env: { PATH: process.env.PATH, PORT: '0', SIMULATOR_DATA_FILE: file },
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  const start = async () => {
    const child = launch();
    child.stderr?.pipe(process.stderr);
    if (child.stdout === null) throw new Error('No output to read.');
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    running = { child, address: /http:\S+(?=")/.exec(line)?.[0] ?? '' };
  };

  const end = async (signal: NodeJS.Signals) => {
    if (running === undefined) return;
    const ended = once(running.child, 'exit');
    running.child.kill(signal);
    await ended;
    running = undefined;
  };

  const restart = async (signal: NodeJS.Signals = 'SIGKILL') => {
    await end(signal);
    await start();
  };

  const call = async (method: string, path: string, fields?: Record<string, string>, key?: string): Promise<Answer> => {
    const response = await fetch(`${running?.address}${path}`, {
      method,
      headers: { authorization: 'Bearer sk_test_1', ...(key && { 'idempotency-key': key }) },
      ...(fields && { body: new URLSearchParams(fields) }),
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };

  const charge = (orderId: string, card = 'pm_card_visa') => {
    const fields = { amount: '1000', currency: 'eur', payment_method: card, confirm: 'true', 'metadata[order_id]': orderId };
    return call('POST', '/v1/payment_intents', fields, `charge-${orderId}`);
  };
  const refund = (intent: string, amount: string, key: string) =>
    call('POST', '/v1/refunds', { payment_intent: intent, amount }, key);
  const books = async () => (await call('GET', '/_control/books')).body;

  it.each(['SIGTERM', 'SIGKILL'] as const)('refunds an old charge after %s, and never more than was captured', async (signal) => {
    await start();
    const { body: intent } = await charge('order-1');
    await refund(intent.id, '400', 'refund-1');

    await restart(signal);

    const { body: found } = await call(
      'GET',
      `/v1/payment_intents/search?query=${encodeURIComponent("metadata['order_id']:'order-1'")}`,
    );
    expect(found.data).toEqual([intent]);
    expect((await refund(intent.id, '700', 'refund-2')).status).toBe(400);
    expect((await refund(intent.id, '600', 'refund-3')).body).toMatchObject({ status: 'succeeded', amount: 600 });
    expect((await books()).totals).toEqual([{ currency: 'eur', charged: 1000, refunded: 1000, net: 0 }]);
  });

  it('answers an old key with its old answer, a decline included, and refuses it to other parameters', async () => {
    await start();
    const paid = await charge('order-1');
    const declined = await charge('order-2', 'pm_card_chargeDeclined');

    await restart();

    const repeated = await charge('order-1');
    expect(repeated.headers.get('idempotent-replayed')).toBe('true');
    expect([repeated.body, (await charge('order-2', 'pm_card_chargeDeclined')).body]).toEqual([paid.body, declined.body]);
    expect((await charge('order-1', 'pm_card_mastercard')).body.error.type).toBe('idempotency_error');
    expect((await books()).charges).toHaveLength(1);
  });

  it('remembers what was changed later: a confirm, a cancel, and a refund that was settled', async () => {
    await start();
    const create = (card: string) =>
      call('POST', '/v1/payment_intents', { amount: '500', currency: 'eur', payment_method: card });
    const confirmed = (await create('pm_card_refundFail')).body.id;
    const cancelled = (await create('pm_card_visa')).body.id;
    await call('POST', `/v1/payment_intents/${confirmed}/confirm`, {});
    await call('POST', `/v1/payment_intents/${cancelled}/cancel`, {});
    const { body: failing } = await refund(confirmed, '500', 'refund-1');
    await call('POST', `/_control/refunds/${failing.id}/settle`);

    await restart();

    expect((await call('GET', `/v1/payment_intents/${confirmed}`)).body.status).toBe('succeeded');
    expect((await call('GET', `/v1/payment_intents/${cancelled}`)).body.status).toBe('canceled');
    expect((await call('GET', `/v1/refunds/${failing.id}`)).body.status).toBe('failed');
    expect((await books()).totals).toMatchObject([{ refunded: 0 }]);
  });

  it('forgets everything on request, for good', async () => {
    await start();
    await charge('order-1');
    await call('POST', '/_control/reset');
    await charge('order-2');

    await restart();

    expect((await books()).charges).toMatchObject([{ orderId: 'order-2' }]);
  });

  it('knows every charge that it answered, and none twice, however often it is killed in the middle of its writing', async () => {
    const answered = new Map<string, string>();
    await start();
    for (let round = 1; round <= 4; round += 1) {
      const before = answered.size;
      const customer = async (name: string) => {
        for (let order = 1; ; order += 1) {
          const { body } = await charge(`${round}-${name}-${order}`);
          answered.set(body.metadata.order_id, body.id);
        }
      };
      const customers = Promise.allSettled(Array.from({ length: 16 }, (_, index) => customer(String(index))));
      await expect.poll(() => answered.size - before, { interval: 1, timeout: 20_000 }).toBeGreaterThan(round * 60);
      await end('SIGKILL');
      await customers;
      await start();
    }

    const { charges } = await books();
    const known = new Map(charges.map((each: { orderId: string; paymentIntent: string }) => [each.orderId, each.paymentIntent]));
    expect(known.size).toBe(charges.length);
    expect([...answered].filter(([orderId, intent]) => known.get(orderId) !== intent)).toEqual([]);
    const [orderId, intent] = [...answered][0] as [string, string];
    expect((await charge(orderId)).body.id).toBe(intent);
    expect((await refund(intent, '1000', 'refund-1')).body.status).toBe('succeeded');
  });

  it('does not start on a file that somebody broke, and says which line', async () => {
    appendFileSync(file, '{"items":[],"keys":[]}\nbroken\n{"items":[],"keys":[]}\n');

    const child = launch();
    const text: string[] = [];
    child.stderr?.on('data', (chunk: Buffer) => text.push(chunk.toString()));
    const [code] = (await once(child, 'close')) as [number];

    expect(code).toBe(1);
    expect(text.join('')).toContain(`Line 2 of ${file} cannot be read`);
  });
});
