import { describe, expect, it } from 'vitest';
import { cartTotal, checkRoom, isSame, missingFrom, withItem } from './cart.ts';

const items = (count: number, prefix = 'p') =>
  Array.from({ length: count }, (_, index) => ({ productId: `${prefix}${index}`, quantity: 1 }));

describe('a cart', () => {
  it('takes a fiftieth product and another quantity of any, but no fifty-first product', () => {
    expect(() => checkRoom(items(49), 'new')).not.toThrow();
    expect(() => checkRoom(items(50), 'p0')).not.toThrow();
    expect(() => checkRoom(items(50), 'new')).toThrow(expect.objectContaining({ code: 'cart-is-full' }));
  });

  it('takes a product where it was, or at its end', () => {
    expect(withItem(items(2), { productId: 'p0', quantity: 7 })).toEqual([
      { productId: 'p0', quantity: 7 },
      { productId: 'p1', quantity: 1 },
    ]);
    expect(withItem(items(1), { productId: 'new', quantity: 2 })).toEqual([...items(1), { productId: 'new', quantity: 2 }]);
  });

  it('is the same as another with the same products as often', () => {
    expect(isSame(items(3), items(3).toReversed())).toBe(true);
    expect(isSame(items(2), items(3))).toBe(false);
    expect(isSame(items(1), [{ productId: 'p0', quantity: 2 }])).toBe(false);
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
