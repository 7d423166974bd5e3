import { describe, expect, it } from 'vitest';
import { ProgressBar } from './progress.ts';

describe('a progress bar', () => {
  it('is drawn over itself on a terminal, with what is left', () => {
    const written: string[] = [];
    let now = 0;
    const bar = new ProgressBar(200, { isTTY: true, write: (text) => written.push(text) }, () => now);

    now = 10_000;
    bar.advance(50, 'orders');
    now = 40_000;
    bar.advance(150, 'index of orders');
    bar.finish();

    expect(written[0]).toBe(`\r\x1b[2K[${'█'.repeat(8)}${'·'.repeat(22)}]  25 %  10 s, about 30 s left  orders`);
    expect(written[1]).toContain(' 99 %');
    expect(written.slice(2).join('')).toMatch(/100 % {2}40 s {2}\n$/);
  });

  it('is a line now and then elsewhere', () => {
    const written: string[] = [];
    let now = 0;
    const bar = new ProgressBar(100, { write: (text) => written.push(text) }, () => now);

    for (; now < 12_000; now += 1_000) bar.advance(5, 'orders');
    bar.finish();

    expect(written).toHaveLength(4);
    expect(written.at(-1)).toMatch(/100 % {2}12 s\n$/);
  });
});
