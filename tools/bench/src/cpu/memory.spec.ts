import { describe, expect, it } from 'vitest';
import { proportionalKiB } from './memory.ts';

describe('resident memory', () => {
  it('is the share of a process in what it uses with others', () => {
    expect(proportionalKiB('560-7ff ---p 0 00:00 0 [rollup]\nRss:   9000 kB\nPss:    4567 kB\nPss_Anon: 12 kB\n')).toBe(4_567);
    expect(proportionalKiB('')).toBe(0);
  });
});
