import { describe, expect, it } from 'vitest';
import { inventedCosts, inventedMix } from './invented-costs.ts';
import { NotMeasured } from './plan.ts';
import { type Runs, runsSchema } from './runs.ts';
import { compare, comparisonTable } from './validation.ts';

// CPU of a mixed request: 0.9 × 0.37 ms + 0.1 × 6.5 ms = 0.983 ms.
const runs: Runs = {
  machine: 'no machine',
  cores: 2,
  otherCpuMs: 0.017,
  runs: [{ name: 'one of each', replicas: {}, mostRps: 1_600, points: [{ rps: 1_000, cores: 1.25, meanMs: 2 }] }],
};

describe('predicted against measured', () => {
  it('has the machine as the limit where everything shares it', () => {
    const [most, cores, mean] = compare(inventedCosts, inventedMix, runs);

    expect(most).toMatchObject({ run: 'one of each', because: "the machine's 2 cores" });
    expect(most?.predicted).toBeCloseTo(2_000, 6);
    expect(most?.errorPercent).toBeCloseTo(25, 6);
    expect(cores?.predicted).toBeCloseTo(1, 6);
    expect(cores?.errorPercent).toBeCloseTo(-20, 6);
    // M/M/2, half busy: 1 ms / (1 - 0.25).
    expect(mean?.predicted).toBeCloseTo(4 / 3, 6);
  });

  it('has the event loop of a service as the limit where the machine has cores to spare', () => {
    const [first] = compare(inventedCosts, inventedMix, { ...runs, cores: 64 });
    const [second] = compare(inventedCosts, inventedMix, {
      ...runs,
      cores: 64,
      runs: [{ name: 'two gateways', replicas: { gateway: 2 }, mostRps: 5_000 }],
    });

    expect(first).toMatchObject({ because: '1 × gateway' });
    expect(first?.predicted).toBeCloseTo(1 / 0.000_22, 3);
    expect(second).toMatchObject({ because: '1 × order' });
    expect(second?.predicted).toBeCloseTo(5_000, 3);
    expect(second?.errorPercent).toBeCloseTo(0, 3);
  });

  it('is a table with the error in percent', () => {
    expect(comparisonTable(compare(inventedCosts, inventedMix, runs))).toMatch(/most requests\/s +2000 +1600 +\+25\.0 %/);
  });

  it('predicts nothing for what was not measured', () => {
    expect(() => compare(inventedCosts, { unheard: 1 }, runs)).toThrow(NotMeasured);
  });

  it('knows no service by another name', () => {
    const strange = { ...runs, runs: [{ name: 'x', replicas: { storefront: 1 } }] };

    expect(runsSchema.safeParse(strange).success).toBe(false);
    expect(runsSchema.safeParse(runs).success).toBe(true);
  });
});
