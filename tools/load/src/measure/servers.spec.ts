import { describe, expect, it } from 'vitest';
import { isServer, othersOf, serversOf } from './servers.ts';

const sample = (at: number, cpuSeconds: number, memoryBytes?: number) => ({ at, cpuSeconds, memoryBytes });

describe('what the servers used', () => {
  it('is what they used while the load was on', () => {
    const samples = new Map([
      ['redis', [sample(0, 1, 10), sample(1_000, 1)]],
      ['gateway', [sample(0, 10, 100), sample(1_000, 12), sample(2_000, 14, 300), sample(3_000, 20, 200)]],
    ]);

    const servers = serversOf(samples, 500, 2_000);

    expect(servers.map(({ name }) => name)).toEqual(['gateway', 'redis']);
    expect(servers[0]).toEqual({
      name: 'gateway',
      cpuSeconds: 3,
      memoryFirstBytes: 100,
      memoryPeakBytes: 300,
      memoryLastBytes: 200,
      memoryGrowthBytesPerHour: undefined,
    });
  });

  it('grows by so much in an hour, what the first third of the load filled left out', () => {
    const minute = 60_000;
    const climbing = Array.from({ length: 31 }, (_, index) =>
      sample(index * minute, 0, index < 10 ? index * 900 : 9_000 + index * 10),
    );
    const level = Array.from({ length: 31 }, (_, index) => sample(index * minute, 0, 500 + (index % 2)));

    const servers = serversOf(new Map(Object.entries({ order: climbing, user: level })), 0, 30 * minute);

    const growth = Object.fromEntries(servers.map(({ name, memoryGrowthBytesPerHour }) => [name, memoryGrowthBytesPerHour]));
    expect(growth.order).toBe(600);
    expect(Math.abs(growth.user ?? Number.NaN)).toBeLessThan(1);
  });

  it('is of all processes of a service together', () => {
    const samples = new Map([
      ['order', [sample(0, 1, 10), sample(1_000, 2, 30)]],
      ['order-2', [sample(0, 5, 100), sample(1_000, 5.5, 200)]],
    ]);

    expect(serversOf(samples, 0, 1_000)).toEqual([
      {
        ...{ name: 'order', cpuSeconds: 1.5, memoryFirstBytes: 110, memoryPeakBytes: 230, memoryLastBytes: 230 },
        memoryGrowthBytesPerHour: undefined,
      },
    ]);
  });

  it('counts a process that was started again from nothing', () => {
    const samples = new Map([['order', [sample(0, 50), sample(1_000, 51), sample(2_000, 0.5), sample(3_000, 1.5)]]]);

    expect(serversOf(samples, 0, 3_000)[0]?.cpuSeconds).toBe(2.5);
  });

  it('is told apart from what other programs used', () => {
    const samples = new Map([
      ['gateway', [sample(0, 10), sample(2_000, 12)]],
      ['machine', [sample(0, 500), sample(2_000, 503.5)]],
    ]);

    expect(serversOf(samples, 0, 2_000).map(({ name }) => name)).toEqual(['gateway']);
    expect(othersOf(samples, 0, 2_000)).toBe(1.5);
    expect(othersOf(new Map([['machine', [sample(0, 500)]]]), 0, 2_000)).toBeUndefined();
  });

  it('is not that of the test itself', () => {
    expect(['gateway', 'postgres', 'simulator', 'k6'].filter(isServer)).toEqual(['gateway', 'postgres']);
  });
});
