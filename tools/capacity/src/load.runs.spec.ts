import { describe, expect, it } from 'vitest';
import { measuredSchema } from './bench.costs.ts';
import { inventedCosts, inventedMix } from './invented-costs.ts';
import { runsOrLoadSchema } from './load.runs.ts';
import { compare } from './validation.ts';

const load = {
  profile: 'breakpoint',
  startedAt: '2026-01-01T00:00:00Z',
  machine: { processor: 'none', cores: 2, node: 'v24', commit: 'abc' },
  options: { seconds: 100, rate: 4_000, replicas: 2 },
  total: { requests: 50_000, requestsPerSecond: 500, p95Ms: 3 },
  purchases: 3_000,
  limit: { requestsPerSecond: 900, second: 40 },
  servers: [
    { name: 'gateway', cpuSeconds: 25, memoryPeakBytes: 300 * 2 ** 20 },
    { name: 'postgres', cpuSeconds: 10, memoryPeakBytes: 0 },
    { name: 'simulator', cpuSeconds: 5, memoryPeakBytes: 0 },
    { name: 'k6', cpuSeconds: 20, memoryPeakBytes: 0 },
  ],
};

describe('a run of npm run load', () => {
  it('is a run with what each service used for a request, its replicas together', () => {
    const { cores, otherCpuMs, runs } = runsOrLoadSchema.parse(load);

    expect({ cores, otherCpuMs }).toEqual({ cores: 2, otherCpuMs: 0.5 });
    expect(runs).toMatchObject([
      {
        name: 'breakpoint',
        replicas: { gateway: 2 },
        mostRps: 900,
        cpuMs: { gateway: 0.5, postgres: 0.2, redis: 0 },
        points: [{ rps: 500, cores: 0.6 }],
      },
    ]);
  });

  it('is a cost, too: of everything that was asked for, together', () => {
    const costs = measuredSchema.parse(load);

    expect(costs).toMatchObject({ machine: 'none, 2 cores', commit: 'abc', ordersPerRequest: 0.06 });
    expect(costs.routes).toMatchObject({ everything: { cpuMs: { gateway: 0.5, postgres: 0.2, user: 0 } } });
    expect(costs.memoryMiB.gateway).toBe(150);
  });

  it('is compared process by process', () => {
    const compared = compare(inventedCosts, inventedMix, runsOrLoadSchema.parse(load));

    expect(compared.map(({ what }) => what)).toEqual([
      'most requests/s',
      'CPU ms/request of gateway',
      'CPU ms/request of postgres',
      'cores at 500/s',
    ]);
    expect(compared[1]?.errorPercent).toBeCloseTo(-56, 6);
  });

  it('is refused with the places where it is wrong', () => {
    const result = runsOrLoadSchema.safeParse({ ...load, options: {}, servers: [] });

    expect(result.error?.issues.map(({ path }) => path.join('.'))).toEqual(['options.seconds', 'servers']);
  });
});
