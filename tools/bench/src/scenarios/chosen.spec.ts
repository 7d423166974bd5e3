import { describe, expect, it } from 'vitest';
import { chosen } from './chosen.ts';
import { inTurn } from './in-turn.ts';

const all = [
  { name: 'product-read-edge', yardstick: 'nest' },
  { name: 'product-read-through', yardstick: 'proxy' },
  { name: 'purchase', yardstick: 'order' },
  { name: 'fastify' },
  { name: 'nest', yardstick: 'fastify' },
  { name: 'proxy', yardstick: 'fastify' },
  { name: 'order' },
];
const names = (only?: string[]) => chosen(all, only).map(({ name }) => name);

describe('the chosen scenarios', () => {
  it('are all, each once and next to what it is compared with', () => {
    expect(names()).toEqual(['product-read-edge', 'nest', 'fastify', 'product-read-through', 'proxy', 'purchase', 'order']);
  });

  it('may be named by how they begin', () => {
    expect(names(['product-read-e'])).toEqual(['product-read-edge', 'nest', 'fastify']);
    expect(names(['purchase', 'nest'])).toEqual(['purchase', 'order', 'nest', 'fastify']);
  });

  it('must be there', () => {
    expect(() => names(['nest', 'refund'])).toThrow('no scenario refund');
  });
});

describe('turns', () => {
  it('come round', () => {
    const next = inTurn(['a', 'b']);

    expect([next(), next(), next()]).toEqual(['a', 'b', 'a']);
  });

  it('need somebody', () => {
    expect(inTurn([])).toThrow('nothing to take turns');
  });
});
