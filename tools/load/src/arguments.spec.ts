import { describe, expect, it } from 'vitest';
import { readArguments } from './arguments.ts';

describe('the command line', () => {
  it('names a profile, its size, a platform and where the report goes', () => {
    const words = ['load', '--rate', '500', '--duration', '5m', '--out', 'there', '--env', 'LOG_LEVEL=warn', '--keep'];
    words.push('--data', '.data/ten', '--replicas', '2');

    expect(readArguments(words)).toEqual({
      profile: 'load',
      list: false,
      check: false,
      target: undefined,
      allowRemote: false,
      keys: undefined,
      rate: 500,
      seconds: 300,
      out: 'there',
      env: { LOG_LEVEL: 'warn' },
      data: '.data/ten',
      replicas: 2,
      keep: true,
    });
  });

  it.each([
    ['45', 45],
    ['45s', 45],
    ['2m', 120],
    ['1h', 3_600],
  ])('understands a duration of %s', (text, seconds) => {
    expect(readArguments(['smoke', '--duration', text]).seconds).toBe(seconds);
  });

  it.each([
    [[]],
    [['load', 'smoke']],
    [['load', '--rate', '0']],
    [['load', '--rate', 'much']],
    [['load', '--duration', '5d']],
    [['load', '--duration', '0s']],
    [['load', '--env', 'lower=1']],
    [['load', '--replicas', '0']],
    [['load', '--target', 'http://localhost:8080', '--replicas', '2']],
    [['load', '--target', 'http://localhost:8080', '--data', '.data/ten']],
    [['load', '--fast']],
    [['load', '--target', 'http://localhost:8080', '--env', 'LOG_LEVEL=warn']],
  ])('does not guess what %j means', (words) => {
    expect(() => readArguments(words)).toThrow();
  });
});
