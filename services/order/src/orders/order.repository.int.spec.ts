import { randomUUID } from 'node:crypto';
import { isCheckViolation, sql } from '@emporium/postgres';
import { testDatabase } from '@emporium/testing';
import { describe, expect, it } from 'vitest';
import { migrations } from '../migrations.ts';
import { fromCursor, toCursor } from './order.cursor.ts';
import { OrderRepository } from './order.repository.ts';
import { become, type Order, placeOrder } from './order.ts';

describe('orders in the database', () => {
  const db = testDatabase('order_repository', { migrations });
  const orders = new OrderRepository();

  async function placed(overrides: Partial<Order> = {}): Promise<Order> {
    const createdAt = overrides.createdAt ?? new Date();
    const order = placeOrder({
      id: randomUUID(),
      userId: overrides.userId ?? randomUUID(),
      lines: [
        { productId: randomUUID(), name: 'Lamp', quantity: 2, unitPrice: { amount: 1299, currency: 'EUR' } },
        { productId: randomUUID(), name: 'Chair "Åse"', quantity: 1, unitPrice: { amount: 9900, currency: 'EUR' } },
      ],
      shippingAddress: { name: 'Ada', line1: 'Street 1', city: 'London', postalCode: 'SW1', country: 'GB' },
      paymentMethod: 'pm_card_visa',
      fromCart: false,
      createdAt,
      deadlineAt: new Date(createdAt.getTime() + 600_000),
    });
    await db.transaction((tx) => orders.insert(tx, order));
    return order;
  }

  it('come back as they were placed', async () => {
    const order = await placed();

    expect(await orders.findById(db, order.id)).toEqual(order);
    expect(await orders.findById(db, randomUUID())).toBeUndefined();
  });

  it('let exactly one of twenty racing writers move them', async () => {
    const order = await placed();
    const moves = Array.from({ length: 20 }, (_, index) =>
      become(
        order,
        index % 2 === 0
          ? { to: 'confirmed', cause: 'paid', at: new Date() }
          : { to: 'rejected', cause: 'deadline', at: new Date(), rejectReason: 'deadline' },
      ),
    );

    const wins = await Promise.all(moves.map((moved) => db.transaction((tx) => orders.change(tx, moved))));

    expect(wins.filter(Boolean)).toHaveLength(1);
    expect((await orders.findById(db, order.id))?.history).toHaveLength(2);
  });

  it('refuse an illegal change even when the code is wrong', async () => {
    const order = await placed();

    const illegal = db.execute(sql`update orders set status = 'delivered', version = version + 1 where id = ${order.id}`);

    await expect(illegal).rejects.toSatisfy((error) => isCheckViolation(error, 'orders_legal_change'));
  });

  it('are listed newest first, page by page, each once', async () => {
    const userId = randomUUID();
    const sameMoment = new Date('2026-01-01T00:00:00.000Z');
    const all = [];
    for (let index = 0; index < 7; index += 1) {
      all.push(await placed({ userId, createdAt: index < 4 ? sameMoment : new Date(sameMoment.getTime() + index) }));
    }

    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page: Order[] = await orders.listOfUser(db, userId, 3, fromCursor(cursor));
      seen.push(...page.map(({ id }) => id));
      const last = page.at(-1);
      cursor = page.length === 3 && last !== undefined ? toCursor(last) : undefined;
    } while (cursor !== undefined);

    expect(new Set(seen)).toEqual(new Set(all.map(({ id }) => id)));
    expect(seen).toHaveLength(7);
    expect(seen.slice(0, 3)).toEqual(
      all
        .slice(4)
        .reverse()
        .map(({ id }) => id),
    );
  });

  it('are listed for staff by status', async () => {
    const order = await placed();
    const later = { createdAt: new Date(order.createdAt.getTime() + 1).toISOString(), id: order.id };
    await db.transaction((tx) => orders.change(tx, become(order, { to: 'confirmed', cause: 'paid', at: new Date() })));

    const confirmed = await orders.listAll(db, 100, 'confirmed', later);
    const pending = await orders.listAll(db, 100, 'pending');
    const all = await orders.listAll(db, 100, undefined, later);

    expect(confirmed.map(({ id }) => id)).toContain(order.id);
    expect(pending.map(({ id }) => id)).not.toContain(order.id);
    expect(all.map(({ id }) => id)).toContain(order.id);
  });
});
