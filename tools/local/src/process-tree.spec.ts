import { describe, expect, it } from 'vitest';
import { busyTicksIn, cpuSecondsOf, machineCpuSeconds, memoryBytesOf, ticksIn } from './process-tree.ts';

describe('the ticks of a process', () => {
  it('are found behind a name with spaces and brackets in it', () => {
    const stat = '4711 (a (strange) name) S 1 2 3 4 5 6 7 8 9 10 120 30 7 5 20 0 11 0 987';

    expect(ticksIn(stat)).toEqual({ used: 150, ended: 12 });
  });
});

describe('the ticks of a machine', () => {
  it('are those in which something was done', () => {
    expect(busyTicksIn('cpu  10 20 30 1000 500 1 2 3 0 0\ncpu0 5 5 5 5 5 5 5 5 0 0\n')).toBe(66);
  });
});

describe.runIf(process.platform === 'linux')('a running process', () => {
  it('has used some time and some memory', () => {
    expect(cpuSecondsOf(process.pid)).toBeGreaterThan(0);
    expect(memoryBytesOf(process.pid)).toBeGreaterThan(10_000_000);
    expect(machineCpuSeconds()).toBeGreaterThan(cpuSecondsOf(process.pid) ?? 0);
  });

  it('is missed when it is gone', () => {
    expect(cpuSecondsOf(2 ** 22 + 1)).toBeUndefined();
    expect(memoryBytesOf(2 ** 22 + 1)).toBe(0);
  });
});
