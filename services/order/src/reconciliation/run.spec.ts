import { describe, expect, it } from 'vitest';
import { coverage, nextWindow } from './run.ts';

const at = (time: string) => new Date(`2026-01-02T${time}Z`);

describe('the window of a scheduled run', () => {
  it('begins where the last one ended and ends a moment ago', () => {
    expect(nextWindow(at('10:00:00'), at('10:06:00'), 60_000)).toEqual({ since: at('10:00:00'), until: at('10:05:00') });
  });

  it('is the last day for the first run of a shop', () => {
    expect(nextWindow(undefined, at('10:01:00'), 60_000)).toEqual({
      since: new Date('2026-01-01T10:00:00Z'),
      until: at('10:00:00'),
    });
  });

  it('is empty, never backwards, after a run that went further', () => {
    expect(nextWindow(at('10:05:30'), at('10:06:00'), 60_000)).toEqual({ since: at('10:05:00'), until: at('10:05:00') });
  });
});

describe('what is covered after a run', () => {
  it.each([
    ['the first', undefined, '09:00:00', '10:00:00', '10:00:00'],
    ['one that goes on where the last ended', '10:00:00', '10:00:00', '10:05:00', '10:05:00'],
    ['one that begins earlier', '10:00:00', '08:00:00', '10:05:00', '10:05:00'],
    ['one that leaves a gap', '10:00:00', '10:01:00', '10:05:00', '10:00:00'],
    ['one that ends earlier', '10:00:00', '08:00:00', '09:00:00', '10:00:00'],
  ])('%s', (_, before, since, until, after) => {
    expect(coverage(before === undefined ? undefined : at(before), { since: at(since), until: at(until) })).toEqual(at(after));
  });
});
