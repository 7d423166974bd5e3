import { describe, expect, it } from 'vitest';
import { measuredSchema } from './bench.costs.ts';
import { inventedCosts } from './invented-costs.ts';

const bench = {
  at: '2026-01-01T00:00:00Z',
  commit: 'abc',
  machine: { cpu: 'none', cores: 2 },
  seconds: 4,
  memoryMiB: { gateway: 100, generator: 900 },
  scenarios: [
    {
      name: 'list',
      cpuMs: { 'gateway-through': 0.2, product: 0.1, redis: 0.01, postgres: 0.3 },
      bytesOut: 900,
      connectionMs: { product: 0.4 },
    },
    { name: 'purchase', cpuMs: { gateway: 0.4, simulator: 0.5 } },
  ],
};

describe('what was measured', () => {
  it('is taken as it is', () => {
    expect(measuredSchema.parse(inventedCosts)).toEqual(inventedCosts);
  });

  it('is read from a result of the bench', () => {
    const { machine, commit, measuredAt, memoryMiB, routes } = measuredSchema.parse(bench);

    expect({ machine, commit, measuredAt }).toEqual({
      machine: 'cpu none, cores 2',
      commit: 'abc',
      measuredAt: '2026-01-01T00:00:00Z',
    });
    expect(memoryMiB).toEqual({ gateway: 100 });
    expect(routes.list).toEqual({
      cpuMs: { gateway: 0.2, user: 0, product: 0.1, order: 0, payment: 0, postgres: 0.3, redis: 0.01 },
      bytesOut: 900,
      connectionMs: { gateway: 0, user: 0, product: 0.4, order: 0, payment: 0 },
    });
    expect(routes.purchase?.cpuMs.gateway).toBe(0.4);
    expect(routes.purchase?.connectionMs).toBeUndefined();
  });

  it('is refused with the places where it is wrong', () => {
    const result = measuredSchema.safeParse({ ...bench, commit: 7, scenarios: [{ name: 'list', cpuMs: { gateway: -1 } }] });

    expect(result.error?.issues.map(({ path }) => path.join('.'))).toEqual(['commit', 'scenarios.0.cpuMs.gateway']);
  });
});
