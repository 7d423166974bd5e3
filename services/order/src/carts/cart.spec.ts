import { describe, expect, it } from 'vitest';
import { cartTotal, checkRoom, missingFrom } from './cart.ts';

const items = (count: number, prefix = 'p') =>
  Array.from({ length: count }, (_, index) => ({ productId: `${prefix}${index}`, quantity: 1 }));

describe('a cart', () => {
  it('takes a fiftieth product and another quantity of any, but no fifty-first product', () => {
    expect(() => checkRoom(items(49), 'new')).not.toThrow();
    expect(() => checkRoom(items(50), 'p0')).not.toThrow();
    expect(() => checkRoom(items(50), 'new')).toThrow(expect.objectContaining({ code: 'cart-is-full' }));
  });

  it('gets back what is not in it, as far as there is room', () => {
    expect(missingFrom([], items(50))).toHaveLength(50);
    expect(missingFrom(items(2), items(3)).map(({ productId }) => productId)).toEqual(['p2']);
    expect(missingFrom(items(48), items(50, 'old'))).toHaveLength(2);
    expect(missingFrom(items(51), items(1, 'old'))).toEqual([]);
  });

  it('costs nothing in the currency of the shop when it is empty, else what its lines cost', () => {
    const unitPrice = { amount: 250, currency: 'USD' };

    expect(cartTotal([], 'EUR')).toEqual({ amount: 0, currency: 'EUR' });
    expect(cartTotal([{ productId: 'p', name: 'Lamp', quantity: 3, unitPrice }], 'EUR')).toEqual({
      amount: 750,
      currency: 'USD',
    });
  });
});
