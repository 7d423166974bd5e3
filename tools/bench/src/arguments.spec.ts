import { describe, expect, it } from 'vitest';
import { readArguments } from './arguments.ts';

describe('the arguments', () => {
  it('are ten seconds of everything by default', () => {
    expect(readArguments([])).toEqual({
      list: false,
      check: false,
      save: false,
      seconds: 10,
      warmUpSeconds: 6,
      only: undefined,
      json: undefined,
    });
  });

  it('choose and shorten', () => {
    const wanted = readArguments(['--only', 'product, purchase', '--seconds', '2.5', '--json', 'out.json', '--check']);

    expect(wanted).toMatchObject({ only: ['product', 'purchase'], seconds: 2.5, json: 'out.json', check: true });
  });

  it.each([['--seconds', '0'], ['--seconds', '31'], ['--seconds', 'x'], ['--warm-up', '0'], ['--faster']])(
    'are refused: %s %s',
    (...argv) => {
      expect(() => readArguments(argv)).toThrow();
    },
  );
});
