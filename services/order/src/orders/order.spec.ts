import { describe, expect, it } from 'vitest';
import { addUp, become, type Order, type OrderStatus, placeOrder } from './order.ts';

const at = new Date('2026-01-01T00:00:00Z');
const line = {
  productId: '0a7f7b1e-2b1f-4a52-9a1f-0f6a2f1f0001',
  name: 'Lamp',
  quantity: 2,
  unitPrice: { amount: 1299, currency: 'EUR' },
};
const draft = {
  id: '0a7f7b1e-2b1f-4a52-9a1f-0f6a2f1f0002',
  userId: '0a7f7b1e-2b1f-4a52-9a1f-0f6a2f1f0003',
  lines: [line],
  shippingAddress: { name: 'Ada', line1: 'Street 1', city: 'London', postalCode: 'SW1', country: 'GB' },
  paymentMethod: 'pm_card_visa',
  fromCart: false,
  createdAt: at,
  deadlineAt: new Date('2026-01-01T00:10:00Z'),
};
const statuses: OrderStatus[] = ['pending', 'confirmed', 'rejected', 'cancelled', 'shipped', 'delivered'];

describe('an order', () => {
  it('begins pending, with the total of its lines and its first row of history', () => {
    const order = placeOrder({ ...draft, lines: [line, { ...line, productId: 'other', quantity: 1 }] });

    expect(order).toMatchObject({ status: 'pending', version: 1, total: { amount: 3897, currency: 'EUR' } });
    expect(order.history).toEqual([{ status: 'pending', version: 1, at, cause: 'placed' }]);
  });

  it('needs at least one line', () => {
    expect(() => placeOrder({ ...draft, lines: [] })).toThrow(expect.objectContaining({ code: 'invalid-request' }));
  });

  it('costs at most what a provider can charge at once', () => {
    const dear = { ...line, quantity: 1, unitPrice: { amount: 100_000_000, currency: 'EUR' } };

    expect(() => placeOrder({ ...draft, lines: [dear] })).toThrow(expect.objectContaining({ kind: 'invalid' }));
    expect(placeOrder({ ...draft, lines: [{ ...dear, unitPrice: { amount: 99_999_999, currency: 'EUR' } }] }).total.amount).toBe(
      99_999_999,
    );
  });

  it('moves along its life and no other way', () => {
    const moves = statuses.flatMap((from) => statuses.filter((to) => canMove(from, to)).map((to) => `${from} → ${to}`));

    expect(moves).toEqual([
      'pending → confirmed',
      'pending → rejected',
      'confirmed → cancelled',
      'confirmed → shipped',
      'shipped → delivered',
    ]);
  });

  it('counts a version and keeps a row of history for each move', () => {
    const rejected = become(placeOrder(draft), { to: 'rejected', cause: 'out_of_stock', at, rejectReason: 'out_of_stock' });

    expect(rejected).toMatchObject({ status: 'rejected', version: 2, rejectReason: 'out_of_stock' });
    expect(rejected.history.map(({ status, version, cause }) => [status, version, cause])).toEqual([
      ['pending', 1, 'placed'],
      ['rejected', 2, 'out_of_stock'],
    ]);
  });
});

describe('the items of a request', () => {
  it('are added up by product, whatever the case of the id', () => {
    const wanted = addUp([
      { productId: 'AB', quantity: 2 },
      { productId: 'cd', quantity: 1 },
      { productId: 'ab', quantity: 3 },
    ]);

    expect(wanted).toEqual([
      { productId: 'ab', quantity: 5 },
      { productId: 'cd', quantity: 1 },
    ]);
  });
});

function canMove(from: OrderStatus, to: OrderStatus): boolean {
  const order: Order = { ...placeOrder(draft), status: from };
  try {
    become(order, { to, cause: 'test', at });
    return true;
  } catch {
    return false; // the table of moves is what the test looks at
  }
}
