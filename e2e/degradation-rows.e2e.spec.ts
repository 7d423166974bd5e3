import { readFileSync } from 'node:fs';
import type { OrderResponse } from '@emporium/contracts/order';
import { Postgres, sql } from '@emporium/postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectBooksToAgree } from './books.ts';
import { type Probed, Probes } from './degradation.probes.ts';
import { healthy, lineOf, type Row, rows } from './degradation.rows.ts';
import { DegradedPlatform, type Dependency } from './degraded.platform.ts';
import { expectProblem } from './problem.ts';

/** What a machine that does something else may add to the promised times. */
const slackMs = 700;
const backWithinMs = 10_000;
const databases: readonly Dependency[] = ['user database', 'product database', 'order database', 'payment database'];

describe('the shop, when something it depends on is in trouble', () => {
  let world: DegradedPlatform;
  let probes: Probes;

  beforeAll(async () => {
    world = await DegradedPlatform.start({
      // Circuits try again after a second instead of five: the document says what the usual setting means.
      BREAKER_RESET_MS: '1000',
      PAYMENT_PROVIDER_RESET_MS: '1000',
      // What is cached for long needs no copy.
      PRODUCT_CACHE_TTL_MS: '500',
    });
    probes = await Probes.of(world);
  });
  // What one row broke and left broken must not fail the others.
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'pass') await backAgain();
  });
  afterAll(() => world?.stop());

  it.each(rows)('$dependency, $trouble', async (row) => {
    const bought = await probes.buy();
    expect(bought.status, bought.text).toBe(201);
    await probes.browse();
    const before = probes.keys.length;

    await world.hurt(row.dependency, row.trouble);
    const [cancelled, answers] = await Promise.all([probes.cancel(bought.body.id), probes.all()]);
    if (row.copies) await expectCopies();
    await expect.poll(async () => (await probes.ready()).status, { timeout: 2_000 }).toBe(row.answers.ready[0]);
    const [ready, health] = await Promise.all([probes.ready(), world.anyone.get('/health')]);
    await world.heal(row.dependency, row.trouble);

    for (const answer of [cancelled, ...answers, ready]) expectAnswer(row, answer);
    expect(health.status).toBe(200);
    await backAgain();
    await expectToFinish(probes.keys.slice(before), answers);
    if (cancelled.status === 200) await expect.poll(() => statusOf(bought.body.id)).toBe('cancelled');
  });

  it.each(['down', 'hanging'] as const)('all databases, %s: a clean 503 in time, and nearly always at once', async (trouble) => {
    for (const database of databases) await world.hurt(database, trouble);
    const first: Probed[] = [];
    const slowest = async () => {
      const answers = await probes.all();
      first.push(...answers);
      return Math.max(...failed(answers).map(({ ms }) => ms));
    };
    // Whoever is first waits for a time-out; soon nobody does.
    await expect.poll(slowest, { timeout: 15_000 }).toBeLessThan(1_000);
    const later: Probed[] = [];
    for (let round = 0; round < 20; round += 1) later.push(...(await probes.all()));

    for (const answer of [...failed(first), ...failed(later)]) {
      expectProblem(answer);
      expect(answer.ms).toBeLessThan(3_000 + slackMs);
    }
    expect(failed(later).length).toBeGreaterThan(100);
    const times = failed(later).map(({ ms }) => ms);
    expect(times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)]).toBeLessThan(1_000);
    for (const { column, status } of [...first, ...later]) if (column === 'browse') expect(status).toBe(200);
    await backAgain();
  });

  it('user service, down while a gateway starts: no token opens a door, and anybody may look', async () => {
    await world.hurt('user service', 'down');
    world.platform.kill('gateway', 'SIGKILL');
    const restarts = () => world.platform.restarts().gateway;
    await expect.poll(restarts, { timeout: 10_000 }).toBe(1);
    const isUp = () =>
      world.anyone.get('/health').then(
        ({ status }) => status,
        () => undefined,
      );
    await expect.poll(isUp, { timeout: 10_000 }).toBe(200);

    for (const path of ['/v1/cart', '/v1/orders', '/v1/users/me']) expectProblem(await probes.customer.get(path), 503);
    expect((await probes.ready()).status).toBe(503);
    for (const { status } of await probes.browse()) expect(status).toBe(200);
    await backAgain();
  });

  it('payment service, down until the stock is gone: the money goes back by itself', async () => {
    const product = await probes.admin.newProduct(1);
    const stock = new Postgres({ url: world.platform.databaseUrl('product'), applicationName: 'spec', max: 1, min: 0 });
    await world.provider.script({ fault: 'hang', on: 'charge', acts: true });
    const answer = probes.customer.buy([{ productId: product.id, quantity: 1 }]);
    await expect.poll(async () => (await probes.admin.inventory(product.id)).reserved).toBe(1);
    const [reservation] = await stock.query<{ order_id: string }>(
      sql`select order_id from reservation_lines where product_id = ${product.id}`,
    );
    const orderId = reservation?.order_id ?? '';
    await expect.poll(async () => (await world.provider.books(orderId)).charges.length).toBe(1);
    await world.hurt('payment service', 'down');
    expect(await answer).toMatchObject({ status: 202, body: { id: orderId } });

    // A quarter of an hour later, says the clock of the reservation.
    await stock.execute(sql`update reservations set expires_at = now() where order_id = ${orderId}`);
    await stock.execute(sql`select graphile_worker.add_job('expire-reservations')`);
    await expect.poll(async () => (await probes.admin.inventory(product.id)).onHand, { timeout: 10_000 }).toBe(1);
    const gone = { quantity: -1, reason: 'Sold over the counter' };
    expect((await probes.admin.post(`/v1/products/${product.id}/stock-movements`, gone)).status).toBe(201);
    await world.heal('payment service', 'down');

    await expect.poll(() => statusOf(orderId), { timeout: 30_000, interval: 200 }).toBe('rejected');
    await expect.poll(() => world.provider.kept(orderId), { timeout: 30_000, interval: 200 }).toBe(0);
    expect((await world.provider.books(orderId)).refunds).toHaveLength(1);
    const refunded = async () => (await probes.admin.payments(orderId))[0]?.refunded.amount;
    await expect.poll(refunded, { timeout: 10_000 }).toBe(product.price.amount);
    await expectBooksToAgree(probes.admin, world.provider, [product.id], [await probes.customer.order(orderId)]);
    await stock.close();
  });

  it('afterwards: each order was sold once, and the books of shop, stock and provider agree', async () => {
    expect(probes.keys.length).toBeGreaterThan(rows.length);
    // A key whose first request failed before it was stored buys now.
    const ids: string[] = [];
    for (const key of probes.keys) ids.push(await repeated(key));
    expect(new Set(ids).size).toBe(probes.keys.length);
    // One after the other: so many at once would be told to come back.
    const orders = async () => {
      const found: OrderResponse[] = [];
      for (const id of ids) found.push(await probes.customer.order(id));
      return found;
    };
    const open = async () => (await orders()).filter(({ status }) => status === 'pending').length;
    await expect.poll(open, { timeout: 30_000 }).toBe(0);

    const ended = await orders();
    expect(new Set(ended.map(({ status }) => status))).toEqual(new Set(['confirmed', 'cancelled']));
    await expectBooksToAgree(probes.admin, world.provider, [probes.product.id], ended);
  });

  it('docs/degradation.md says what is tested here', () => {
    const lines = readFileSync(new URL('../docs/degradation.md', import.meta.url), 'utf8').split('\n');

    for (const row of rows) expect(lines).toContain(lineOf(row));
  });

  const failed = (answers: readonly Probed[]) => answers.filter(({ column }) => column !== 'browse');

  function expectAnswer({ dependency, trouble, answers }: Row, answer: Probed): void {
    const { column, status, ms, text } = answer;
    const what = `${column} while the ${dependency} is ${trouble}: ${status} after ${Math.round(ms)} ms ${text.slice(0, 200)}`;
    expect(answers[column], what).toContain(status);
    const isQuick = column === 'browse' || (!['slow', 'hanging'].includes(trouble) && status !== 202);
    expect(ms, what).toBeLessThan((isQuick ? 1_000 : 3_000) + slackMs);
    if (status < 400 || column === 'ready') return;
    expectProblem(answer);
    expect(answer.headers.get('retry-after'), what).toMatch(/^\d+$/);
  }

  /** The copies are there in time, and say how old they are as soon as they are not fresh any more. */
  async function expectCopies(): Promise<void> {
    const youngest = async () => {
      const answers = await probes.browse();
      for (const { status, ms, text } of answers) {
        expect(status, text).toBe(200);
        expect(ms, text).toBeLessThan(1_000 + slackMs);
      }
      return Math.min(...answers.map(({ headers }) => Number(headers.get('age') ?? 0)));
    };
    await expect.poll(youngest, { timeout: 10_000, interval: 100 }).toBeGreaterThanOrEqual(1);
  }

  async function backAgain(): Promise<void> {
    await world.healAll();
    await expect.poll(whatIsNotBack, { timeout: backWithinMs, interval: 100 }).toEqual([]);
  }

  async function whatIsNotBack(): Promise<string[]> {
    const answers = [...(await probes.all()), await probes.ready()];
    const isStale = ({ headers }: Probed) => /ttl=-/.test(headers.get('cache-status') ?? '');
    return answers
      .filter((answer) => !healthy[answer.column].includes(answer.status) || isStale(answer))
      .map(({ column, status }) => `${column} ${status}`);
  }

  /** Accepted orders end by themselves; a purchase whose end nobody knows is found by repeating its key. Nobody buys twice. */
  async function expectToFinish(keys: readonly string[], answers: readonly Probed[]): Promise<void> {
    for (const { column, status, body } of answers) {
      if (column !== 'buy' || status !== 202) continue;
      await expect.poll(() => statusOf(String(body.id)), { timeout: 30_000, interval: 200 }).toBe('confirmed');
    }
    for (const key of keys) await repeated(key);
  }

  /** Repeats the purchase until its order is told. */
  async function repeated(key: string): Promise<string> {
    let id: string | undefined;
    const ask = async () => {
      id = (await probes.buy(key)).body.id;
      return id;
    };
    await expect.poll(ask, { timeout: 20_000, interval: 200 }).toBeDefined();
    return id ?? '';
  }

  async function statusOf(orderId: string): Promise<string> {
    return (await probes.customer.order(orderId)).status;
  }
});
