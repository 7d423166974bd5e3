import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LineBatches } from './line-batches.ts';

describe('lines by the batch', () => {
  let written: string[];
  let batches: LineBatches;
  beforeEach(() => {
    vi.useFakeTimers();
    written = [];
    batches = new LineBatches((lines) => written.push(lines));
  });
  afterEach(() => void vi.useRealTimers());
  const add = (...lines: string[]) => {
    for (const line of lines) batches.add(line, false);
  };

  it('are written at once after a quiet moment, and together within 20 ms while there are many', () => {
    add('1', '2', '3');
    expect(written).toEqual(['1']);

    vi.advanceTimersByTime(20);
    add('4');
    expect(written).toEqual(['1', '2\n3']);

    vi.advanceTimersByTime(40);
    add('5');
    expect(written).toEqual(['1', '2\n3', '4', '5']);
  });

  it('do not keep an urgent one waiting, nor what came before it', () => {
    add('1', '2');
    batches.add('failed', true);

    expect(written).toEqual(['1', '2\nfailed']);
  });

  it('do not grow without end', () => {
    add('1', 'x'.repeat(65_536));

    expect(written).toHaveLength(2);
  });

  it('are all written when the process exits', () => {
    add('1', '2', '3');

    for (const listener of process.listeners('exit').slice(-1)) listener(0);

    expect(written).toEqual(['1', '2\n3']);
  });
});
