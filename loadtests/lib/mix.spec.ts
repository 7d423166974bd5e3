import { describe, expect, it } from 'vitest';
import { everyday, type Mix, readHeavy, saleDay } from './mix.ts';

const sum = (mix: Mix, ...names: (keyof Mix)[]) =>
  Math.round(1_000 * names.reduce((all, name) => all + (mix[name] ?? 0), 0)) / 1_000;

describe('a mix', () => {
  it.each([
    ['everyday', everyday],
    ['readHeavy', readHeavy],
    ['saleDay', saleDay],
  ])('%s is made of all requests', (_, mix) => {
    expect(sum(mix, ...(Object.keys(mix) as (keyof Mix)[]))).toBe(1);
  });

  it('of a working day is 80 % browse, 12 % cart, 6 % checkout, 2 % account and staff', () => {
    expect(sum(everyday, 'browse', 'search')).toBe(0.8);
    expect(sum(everyday, 'cart')).toBe(0.12);
    expect(sum(everyday, 'checkout')).toBe(0.06);
    expect(sum(everyday, 'account', 'admin', 'signIn')).toBe(0.02);
  });
});
