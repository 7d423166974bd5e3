import { describe, expect, it } from 'vitest';
import { Mistakes, readArguments } from './arguments.ts';

describe('the command line', () => {
  it('has a factor, a headroom and files of its own', () => {
    expect(readArguments(['--rps', '10000'])).toEqual({
      rps: 10_000,
      peak: 3,
      headroom: 0.3,
      costs: 'loadtests/baselines/bench.json',
      volume: 'loadtests/baselines/dataset.json',
      mix: 'tools/capacity/data/mix.json',
      prices: 'tools/capacity/data/prices.json',
      assumptions: 'tools/capacity/data/assumptions.json',
      json: undefined,
      patches: undefined,
      validate: undefined,
    });
  });

  it('takes what is said, with or without an equals sign', () => {
    expect(readArguments(['--rps=500', '--peak', '2', '--headroom=0.2', '--json', '--patches', 'out'])).toMatchObject({
      rps: 500,
      peak: 2,
      headroom: 0.2,
      json: '',
      patches: 'out',
    });
    expect(readArguments(['--rps', '1', '--json', 'plan.json'])).toMatchObject({ json: 'plan.json' });
    expect(readArguments(['--validate', 'run.json'])).toMatchObject({ validate: 'run.json' });
  });

  it('names all mistakes at once', () => {
    const words = ['--peak', '0.5', '--headroom', 'much', '--replicas', '3', '--costs', '--mix', 'a', '--mix', 'b', 'please'];

    expect(mistakesOf(words)).toEqual([
      'There is no option --replicas.',
      '--costs wants a value.',
      '--mix is given twice.',
      'Nobody asked for "please".',
      '--rps is missing: a number of requests from above 0 to 10,000,000.',
      '--peak must be a factor from 1 to 100, not "0.5".',
      '--headroom must be a share from 0 to 0.9, not "much".',
    ]);
  });

  it.each(['0', '-1', 'NaN', '1e9', 'ten'])('refuses --rps=%s', (rps) => {
    expect(mistakesOf([`--rps=${rps}`])).toHaveLength(1);
  });
});

function mistakesOf(words: readonly string[]): readonly string[] {
  try {
    readArguments(words);
  } catch (error) {
    if (error instanceof Mistakes) return error.mistakes;
    throw error;
  }
  return [];
}
