import { describe, expect, it } from 'vitest';
import { readArguments } from './arguments.ts';

describe('the command line', () => {
  it('names experiments, trials, a seed and a file', () => {
    const words = ['--only', 'calm, double-click', '--trials', '250', '--seed', '42', '--json', 'out.json', '--keep'];

    expect(readArguments(words)).toEqual({
      smoke: false,
      list: false,
      planted: false,
      keep: true,
      only: ['calm', 'double-click'],
      seed: 42,
      trials: 250,
      json: 'out.json',
    });
  });

  it('draws a seed when none is given', () => {
    expect(readArguments(['--smoke'], () => 0.5)).toMatchObject({ smoke: true, seed: 500_000, only: undefined });
  });

  it.each([[['--seed', 'x']], [['--trials', '-1']], [['--fast']], [['calm']]])('does not guess what %j means', (words) => {
    expect(() => readArguments(words)).toThrow();
  });
});
