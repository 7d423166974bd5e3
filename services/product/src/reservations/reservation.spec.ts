import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outOfStock } from './reservation.errors.ts';
import { mergeLines, sameLines, steps } from './reservation.ts';

const a = 'a0000000-0000-4000-8000-000000000000';
const b = 'b0000000-0000-4000-8000-000000000000';

describe('the lines of a reservation', () => {
  it('add up the same product on several lines and stand in the order of product ids', () => {
    const merged = mergeLines([
      { productId: b, quantity: 1 },
      { productId: a.toUpperCase(), quantity: 2 },
      { productId: b, quantity: 3 },
      { productId: a, quantity: 4 },
    ]);

    expect(merged).toEqual([
      { productId: a, quantity: 6, position: 1 },
      { productId: b, quantity: 4, position: 0 },
    ]);
  });

  it('keep every unit, whatever the order of the lines', () => {
    const line = fc.record({ productId: fc.constantFrom(a, b, a.toUpperCase()), quantity: fc.integer({ min: 1, max: 99 }) });
    const total = (lines: readonly { quantity: number }[]) => lines.reduce((sum, { quantity }) => sum + quantity, 0);

    fc.assert(
      fc.property(fc.array(line, { maxLength: 50 }), (lines) => {
        const merged = mergeLines(lines);

        expect(total(merged)).toBe(total(lines));
        expect(merged.map(({ productId }) => productId)).toEqual(
          [...new Set(lines.map((l) => l.productId.toLowerCase()))].sort(),
        );
        expect(sameLines(merged, mergeLines([...lines].reverse()))).toBe(true);
      }),
    );
  });

  it('differ when a product, a quantity or a line does', () => {
    const lines = mergeLines([{ productId: a, quantity: 1 }]);

    expect(sameLines(lines, [{ productId: a, quantity: 1 }])).toBe(true);
    expect(sameLines(lines, [{ productId: a, quantity: 2 }])).toBe(false);
    expect(sameLines(lines, [{ productId: b, quantity: 1 }])).toBe(false);
    expect(sameLines(lines, [])).toBe(false);
  });

  it('are named by their place in the order when there are too few', () => {
    const lines = mergeLines([
      { productId: b, quantity: 9 },
      { productId: a, quantity: 9 },
    ]);

    const error = outOfStock(lines, [
      { productId: a, available: 0 },
      { productId: b, available: 2 },
    ]);

    expect(error).toMatchObject({ kind: 'conflict', code: 'out-of-stock' });
    expect(error.errors).toEqual([
      { field: 'items.1.quantity', message: 'out of stock' },
      { field: 'items.0.quantity', message: 'only 2 left' },
    ]);
  });
});

describe.each(Object.entries(steps))('the step %s', (_, { onHand, reserved, sold }) => {
  it('moves units and neither makes nor loses any', () => {
    expect(onHand + reserved + sold).toBe(0);
  });
});
