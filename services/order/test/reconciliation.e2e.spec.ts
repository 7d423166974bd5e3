import { randomUUID } from 'node:crypto';
import { sql } from '@emporium/postgres';
import { registry } from '@emporium/telemetry';
import { describe, expect, it } from 'vitest';
import { orderWorld } from './order-world.ts';

const path = '/v1/admin/reconciliation';

describe('reconciliation over HTTP', () => {
  const world = orderWorld('order_reconciliation_e2e');

  const begin = (body: object = { since: '2020-01-01T00:00:00.000Z', graceSeconds: 0 }) =>
    world.staff('admin', 'POST', path, body);
  const standing = async (query = '') => (await world.staff('admin', 'GET', `${path}${query}`)).body;
  /** A run from its beginning to its end, by the service's own job; one that the clock began a moment ago is waited for first. */
  const reconciled = async () => {
    for (;;) {
      const { status, body, headers } = await begin();
      expect([status, headers.get('location')]).toEqual([202, path]);
      await expect.poll(async () => (await standing()).last?.id, { timeout: 15_000 }).toBe(body.id);
      if (body.trigger === 'request') return standing();
    }
  };
  const bought = async (quantity = 1) => {
    const customer = world.customer();
    const { body } = await customer.buy({ items: [{ productId: world.products.onSale(), quantity }] });
    return { customer, id: body.id as string };
  };

  it('finds nothing after purchases, declines, cancels and refunds', async () => {
    await bought();
    const { customer, id } = await bought(2);
    await customer.cancel(id);
    await world.customer().buy({ items: [{ productId: world.products.onSale(0), quantity: 1 }] });
    await world
      .customer()
      .buy({ items: [{ productId: world.products.onSale(), quantity: 1 }], paymentMethod: 'pm_card_chargeDeclined' });
    const refund = { amount: { amount: 100, currency: 'EUR' }, reason: 'a scratch' };
    await world.staff('admin', 'POST', `/v1/admin/orders/${(await bought()).id}/refunds`, refund, randomUUID());

    const { items, nextCursor, counts, current, last } = await reconciled();

    expect({ items, nextCursor, counts, current }).toEqual({
      items: [],
      nextCursor: null,
      counts: { open: 0, repaired: 0, waiting: 0 },
      current: null,
    });
    expect(last).toMatchObject({
      trigger: 'request',
      status: 'succeeded',
      since: '2020-01-01T00:00:00.000Z',
      parts: [
        { part: 'provider', status: 'succeeded', compared: 0, problem: null },
        { part: 'orders', status: 'succeeded', problem: null },
        { part: 'stock', status: 'succeeded', problem: null },
      ],
    });
    expect(last.parts[1].compared).toBeGreaterThanOrEqual(5);
  });

  it('reports what disagrees, in pages, has the rest undone, and forgets both when they are right', async () => {
    const lost = [await bought(), await bought(), await bought()];
    for (const { id } of lost) world.payments.lose(id);
    const { id: undone } = await bought();
    await db(sql`update orders set status = 'cancelled', version = version + 1 where id = ${undone}`);

    const { counts } = await reconciled();

    expect(counts.open).toBe(3);
    const seen: { kind: string; subjectId: string }[] = [];
    for (let query = '?limit=2'; query !== ''; ) {
      const page = await standing(query);
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items);
      query = page.nextCursor === null ? '' : `?limit=2&cursor=${page.nextCursor}`;
    }
    expect(new Set(seen.filter(({ kind }) => kind === 'order-not-paid').map(({ subjectId }) => subjectId))).toEqual(
      new Set(lost.map(({ id }) => id)),
    );
    expect(
      seen
        .filter(({ subjectId }) => subjectId === undone)
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(['money-kept', 'units-kept']);
    expect(seen[0]).toEqual({
      id: expect.any(String),
      part: 'orders',
      kind: expect.any(String),
      subjectId: expect.any(String),
      reference: '',
      details: expect.objectContaining({ status: expect.any(String) }),
      state: expect.stringMatching(/^(open|repaired)$/),
      firstSeenAt: expect.stringMatching(/Z$/),
      lastSeenAt: expect.stringMatching(/Z$/),
      repairedAt: seen[0]?.kind === 'order-not-paid' ? null : expect.stringMatching(/Z$/),
    });

    await expect.poll(() => world.products.reservationOf(undone), { timeout: 15_000 }).toBe('returned');
    await expect.poll(() => world.payments.kept(undone), { timeout: 15_000 }).toBe(0);
    expect((await reconciled()).counts).toEqual({ open: 3, repaired: 0, waiting: 0 });
    await db(sql`delete from orders where id = any(${lost.map(({ id }) => id)}::uuid[])`);
    expect((await reconciled()).items.map(({ kind }: { kind: string }) => kind)).toEqual(
      Array(3).fill('reservation-without-order'),
    );
  });

  it('says which service kept it from comparing, and compares what it can', async () => {
    world.payments.trouble = 'drop';

    const { last } = await reconciled();

    expect(last.status).toBe('failed');
    expect(last.parts).toMatchObject([
      { part: 'provider', status: 'failed', problem: 'payment-unavailable' },
      { part: 'orders', status: 'failed', problem: 'payment-unavailable' },
      { part: 'stock', status: 'succeeded', problem: null },
    ]);
  });

  it('is one run for whoever asks while it is under way', async () => {
    world.payments.trouble = 'hang';

    const answers = await Promise.all(Array.from({ length: 10 }, () => begin()));

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers[0]?.body).toMatchObject({ status: 'running', finishedAt: null });
    expect((await standing()).current).toMatchObject({ id: answers[0]?.body.id });
  });

  it('shows in the metrics of every replica', async () => {
    const { ReconciliationService } = await import('../src/reconciliation/reconciliation.service.ts');
    await world.app.get(ReconciliationService).measure();

    const metrics = await registry.metrics();
    expect(metrics).toMatch(/emporium_reconciliation_findings\{kind="reservation-without-order",state="open"\} 3/);
    expect(metrics).toMatch(/emporium_reconciliation_last_success_timestamp_seconds 1\.\d+e\+09|_seconds \d{10}/);
    expect(metrics).toContain('emporium_reconciliation_runs_total{outcome="succeeded"}');
  });

  it('is for admins', async () => {
    for (const method of ['GET', 'POST']) {
      expect((await world.app.request(method, path)).status).toBe(401);
      expect((await world.customer().call(method, path)).status).toBe(403);
      expect((await world.staff('support', method, path)).status).toBe(403);
    }
  });

  it.each([
    [{}, 'since'],
    [{ since: 'yesterday' }, 'since'],
    [{ since: '2999-01-01T00:00:00.000Z' }, 'since'],
    [{ since: '0000-01-01T00:00:00.000Z' }, 'since'],
    [{ since: '2026-01-01T00:00:00.000Z', graceSeconds: -1 }, 'graceSeconds'],
    [{ since: '2026-01-01T00:00:00.000Z', graceSeconds: 1.5 }, 'graceSeconds'],
    [{ since: '2026-01-01T00:00:00.000Z', until: '2026-01-02T00:00:00.000Z' }, 'until'],
  ])('refuses %j and names the field', async (body, field) => {
    expect(await begin(body)).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });

  it.each(['cursor=eA', 'limit=0', 'limit=101'])('refuses ?%s', async (query) => {
    expect((await world.staff('admin', 'GET', `${path}?${query}`)).status).toBe(400);
  });

  const db = (statement: Parameters<typeof world.db.execute>[0]) => world.db.execute(statement);
});
