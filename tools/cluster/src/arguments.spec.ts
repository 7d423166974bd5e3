import { describe, expect, it } from 'vitest';
import { readArguments } from './arguments.ts';

const read = (...argv: string[]) => readArguments(argv, ['purchase', 'root-pod']);

describe('the arguments', () => {
  it('choose experiments and how hard to try', () => {
    expect(read('--only', 'root-pod,purchase', '--rounds', '20', '--keep')).toMatchObject({
      only: ['root-pod', 'purchase'],
      rounds: 20,
      rate: 15,
      keep: true,
    });
  });

  it('are all experiments when none is named', () => {
    expect(read().only).toBeUndefined();
  });

  it.each([
    [['--only', 'coffee'], 'There is no experiment coffee'],
    [['--rounds', '0'], '--rounds must be a whole number'],
    [['--current-context'], 'need each other'],
    [['--address', 'http://shop'], 'need each other'],
  ])('refuse %s', (argv, message) => {
    expect(() => read(...argv)).toThrow(message);
  });

  it('take the address of a cluster that is there', () => {
    expect(read('--current-context', '--address', 'http://shop.example/')).toMatchObject({ address: 'http://shop.example' });
  });
});
