import { describe, expect, it } from 'vitest';
import { readArguments } from './arguments.ts';

const now = new Date('2026-02-10T15:00:00Z');

describe('the command line', () => {
  it('takes a scale', () => {
    expect(readArguments(['--scale', '10'], now)).toEqual({
      size: { products: 100_000, orders: 1_000_000, users: 100_000, seed: 1, until: new Date('2026-02-07T00:00:00Z') },
      data: undefined,
      json: undefined,
    });
  });

  it('takes numbers, a seed and places', () => {
    const words = ['--products', '20', '--orders', '30', '--users', '40', '--seed', '5', '--data', 'here', '--json', 'out.json'];

    expect(readArguments(words, now)).toMatchObject({
      size: { products: 20, orders: 30, users: 40, seed: 5 },
      data: 'here',
      json: 'out.json',
    });
  });

  it('names everything that is wrong', () => {
    expect(() => readArguments(['--scale', '1', '--orders', 'x', '--products', '3'], now)).toThrow(
      'Say either --scale or the numbers.\n--products takes a whole number from 10 to 100000000, not 3.\n--orders takes a whole number from 1 to 100000000, not x.',
    );
    expect(() => readArguments([], now)).toThrow('Say how much');
  });
});
