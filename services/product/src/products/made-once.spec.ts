import { expect, it, vi } from 'vitest';
import { madeOnce } from './made-once.ts';

it('makes once what it makes of each object', () => {
  const make = vi.fn(({ price }: { price: number }) => `${price}`);
  const textOf = madeOnce(make);
  const [one, other] = [{ price: 1 }, { price: 1 }];

  expect([textOf(one), textOf(one), textOf(other)]).toEqual(['1', '1', '1']);
  expect(make).toHaveBeenCalledTimes(2);
});
