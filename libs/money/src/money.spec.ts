import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, compare, equals, isNegative, isZero, type Money, money, negate, subtract, sum, times, zero } from './money.ts';

const code = (expected: string) => expect.objectContaining({ name: 'AppError', kind: 'unprocessable', code: expected });

/** Up to 10^12 minor units, the largest amount the platform handles; lists of such amounts stay exact. */
const euros = fc.integer({ min: -1e12, max: 1e12 }).map((amount) => money(amount, 'EUR'));
const anyAmount = fc
  .integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER })
  .map((amount) => money(amount, 'EUR'));

describe('an amount', () => {
  it('is what it is on the wire', () => {
    expect(JSON.stringify(money(1299, 'EUR'))).toBe('{"amount":1299,"currency":"EUR"}');
  });

  it.each([0.1, 12.99, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('cannot be %d minor units', (amount) => {
    expect(() => money(amount, 'EUR')).toThrow(code('amount-not-whole'));
  });

  it.each([2 ** 53, -(2 ** 53), 1e21])('cannot be %d minor units: numbers are not exact there', (amount) => {
    expect(() => money(amount, 'EUR')).toThrow(code('amount-too-large'));
  });

  it.each(['', 'eur', 'EU', 'EURO', 'E R', '€', 'EUR\n'])('cannot be in "%s"', (currency) => {
    expect(() => money(1, currency)).toThrow(code('currency-malformed'));
  });

  it('is never minus zero', () => {
    for (const value of [
      money(-0, 'EUR'),
      negate(zero('EUR')),
      times(money(-5, 'EUR'), 0),
      subtract(money(1, 'EUR'), money(1, 'EUR')),
    ]) {
      expect(Object.is(value.amount, 0)).toBe(true);
    }
  });

  it('knows its sign', () => {
    expect([isZero(zero('EUR')), isZero(money(1, 'EUR'))]).toEqual([true, false]);
    expect([isNegative(money(-1, 'EUR')), isNegative(zero('EUR'))]).toEqual([true, false]);
  });
});

describe('adding', () => {
  it('is the same in any order and any grouping', () => {
    fc.assert(
      fc.property(euros, euros, euros, (a, b, c) => {
        expect(add(a, b)).toEqual(add(b, a));
        expect(add(add(a, b), c)).toEqual(add(a, add(b, c)));
      }),
    );
  });

  it('is undone by subtracting and by the negated amount', () => {
    fc.assert(
      fc.property(euros, euros, (a, b) => {
        expect(subtract(add(a, b), b)).toEqual(a);
        expect(add(a, negate(a))).toEqual(zero('EUR'));
      }),
    );
  });

  it('is exact or refused, never rounded', () => {
    const outcome = (work: () => Money) => {
      try {
        return BigInt(work().amount);
      } catch (error) {
        expect(error).toEqual(code('amount-too-large'));
        return 'refused';
      }
    };
    const exact = (result: bigint) =>
      result === BigInt(Number(result)) && Number.isSafeInteger(Number(result)) ? result : 'refused';

    fc.assert(
      fc.property(anyAmount, anyAmount, fc.integer(), (a, b, count) => {
        expect(outcome(() => add(a, b))).toBe(exact(BigInt(a.amount) + BigInt(b.amount)));
        expect(outcome(() => subtract(a, b))).toBe(exact(BigInt(a.amount) - BigInt(b.amount)));
        expect(outcome(() => times(a, count))).toBe(exact(BigInt(a.amount) * BigInt(count)));
      }),
    );
  });

  it('leaves its operands as they were', () => {
    const [a, b] = [Object.freeze(money(1, 'EUR')), Object.freeze(money(2, 'EUR'))];

    expect(add(a, b)).toEqual(money(3, 'EUR'));
    expect([a.amount, b.amount]).toEqual([1, 2]);
  });
});

describe('a price times a count', () => {
  it('is the price added so many times', () => {
    fc.assert(
      fc.property(euros, fc.integer({ min: 0, max: 99 }), (price, count) => {
        expect(times(price, count)).toEqual(sum(Array(count).fill(price), 'EUR'));
      }),
    );
  });

  it.each([0.5, Number.NaN, Number.POSITIVE_INFINITY])('is refused for a count of %d', (count) => {
    expect(() => times(money(100, 'EUR'), count)).toThrow(code('amount-not-whole'));
  });
});

describe('a sum', () => {
  it('is nothing for nothing', () => {
    expect(sum([], 'EUR')).toEqual(zero('EUR'));
  });

  it('does not depend on how the list is cut', () => {
    fc.assert(
      fc.property(fc.array(euros, { maxLength: 50 }), fc.nat(50), (list, at) => {
        const cut = add(sum(list.slice(0, at), 'EUR'), sum(list.slice(at), 'EUR'));
        expect(sum(list, 'EUR')).toEqual(cut);
      }),
    );
  });

  it('takes any iterable', () => {
    expect(sum(new Set([money(1, 'EUR'), money(2, 'EUR')]), 'EUR')).toEqual(money(3, 'EUR'));
  });
});

describe('two currencies', () => {
  const [euro, dollar] = [money(1, 'EUR'), money(1, 'USD')];

  it.each([
    ['add', () => add(euro, dollar)],
    ['subtract', () => subtract(euro, dollar)],
    ['compare', () => compare(euro, dollar)],
    ['sum', () => sum([euro], 'USD')],
  ])('do not mix (%s)', (_name, mix) => {
    expect(mix).toThrow(code('currency-mismatch'));
  });

  it('are never equal', () => {
    expect(equals(euro, dollar)).toBe(false);
    expect(equals(euro, money(1, 'EUR'))).toBe(true);
    expect(equals(euro, money(2, 'EUR'))).toBe(false);
  });
});

describe('comparing', () => {
  it('orders as the amounts do', () => {
    fc.assert(
      fc.property(euros, euros, (a, b) => {
        expect(compare(a, b)).toBe(a.amount < b.amount ? -1 : a.amount > b.amount ? 1 : 0);
        expect(compare(a, b) === 0).toBe(equals(a, b));
      }),
    );
  });
});
