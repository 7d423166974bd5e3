import { describe, expect, it } from 'vitest';
import { MACHINE, Sampler } from './sampler.ts';
import { useOverTime } from './use-over-time.ts';

describe.runIf(process.platform === 'linux')('a sampler', () => {
  it('looks at the beginning and at the end, whatever its rhythm, and at the whole machine', () => {
    const sampler = new Sampler(() => ({ tests: process.pid, gone: 2 ** 22 + 1 }), 60_000);

    const samples = sampler.stop();

    expect([...samples.keys()].toSorted()).toEqual([MACHINE, 'tests']);
    expect(samples.get('tests')).toHaveLength(2);
    expect(samples.get('tests')?.every(({ memoryBytes = 0 }) => memoryBytes > 0)).toBe(true);
  });
});

describe('use over time', () => {
  it('is cores and memory from the moment visitors came', () => {
    const samples = new Map([
      [
        'gateway',
        [
          { at: 0, cpuSeconds: 1, memoryBytes: 5 },
          { at: 1_000, cpuSeconds: 2, memoryBytes: undefined },
          { at: 3_000, cpuSeconds: 3, memoryBytes: 7 },
        ],
      ],
      [MACHINE, [{ at: 0, cpuSeconds: 9, memoryBytes: undefined }]],
    ]);

    expect(useOverTime(samples, 500)).toEqual([
      {
        name: 'gateway',
        cores: [
          [0.5, 1],
          [2.5, 0.5],
        ],
        memory: [[2.5, 7]],
      },
      { name: 'all programs', cores: [], memory: [] },
    ]);
  });
});
