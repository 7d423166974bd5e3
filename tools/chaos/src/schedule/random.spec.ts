import { describe, expect, it } from 'vitest';
import { deck } from './deck.ts';
import { Random } from './random.ts';

const draws = (random: Random, count = 50) => Array.from({ length: count }, () => random.next());

describe('a seeded schedule', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(draws(new Random('7'))).toEqual(draws(new Random('7')));
    expect(draws(new Random('7'))).not.toEqual(draws(new Random('8')));
  });

  it('is what it was when it was written down: a published seed has to stay good', () => {
    expect(draws(new Random('1'), 3).map((draw) => draw.toFixed(6))).toMatchInlineSnapshot(`
      [
        "0.461612",
        "0.052029",
        "0.766372",
      ]
    `);
  });

  it('has streams that do not depend on how much others draw', () => {
    const [drawnFrom, untouched] = [new Random('7'), new Random('7')];
    draws(drawnFrom);

    expect(draws(drawnFrom.fork('kill-service'))).toEqual(draws(untouched.fork('kill-service')));
    expect(draws(untouched.fork('kill-service'))).not.toEqual(draws(untouched.fork('flash-sale')));
  });

  it('is spread evenly over the whole of its range', () => {
    const random = new Random('3');
    const counts = Array<number>(10).fill(0);

    for (const draw of draws(random, 10_000)) counts[Math.floor(draw * 10)] = (counts[Math.floor(draw * 10)] ?? 0) + 1;

    expect(Math.min(...counts)).toBeGreaterThan(900);
    expect(Math.max(...counts)).toBeLessThan(1_100);
  });

  it('keeps to bounds, weights and means', () => {
    const random = new Random('4');
    const integers = Array.from({ length: 1_000 }, () => random.integer(2, 4));
    const weighted = Array.from(
      { length: 1_000 },
      () => random.pickWeighted([{ weight: 3 }, { weight: 1 }, { weight: 0 }]).weight,
    );
    const pauses = Array.from({ length: 10_000 }, () => random.exponential(50));

    expect([...new Set(integers)].sort()).toEqual([2, 3, 4]);
    expect(weighted.filter((weight) => weight === 3).length).toBeGreaterThan(680);
    expect(weighted).not.toContain(0);
    expect(pauses.reduce((sum, each) => sum + each) / pauses.length).toBeCloseTo(50, -1);
    expect(random.shuffled([1, 2, 3, 4]).sort()).toEqual([1, 2, 3, 4]);
    expect(() => random.pick([])).toThrow('nothing to pick from');
  });
});

describe('a deck', () => {
  it('deals each victim as often as the others, in an order of its own every round', () => {
    const victims = ['a', 'b', 'c', 'd', 'e'];

    const dealt = deck(new Random('9'), victims, 12);

    expect(dealt).toHaveLength(12);
    expect(dealt.slice(0, 5).sort()).toEqual(victims);
    expect(dealt.slice(5, 10).sort()).toEqual(victims);
    expect(dealt).toEqual(deck(new Random('9'), victims, 12));
    expect(dealt.slice(0, 5)).not.toEqual(dealt.slice(5, 10));
  });

  it('begins the same way however many are dealt', () => {
    expect(deck(new Random('9'), ['a', 'b', 'c'], 30).slice(0, 4)).toEqual(deck(new Random('9'), ['a', 'b', 'c'], 4));
  });
});
