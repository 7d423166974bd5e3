import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Costs } from './costs.ts';
import { inventedCosts, inventedMix } from './invented-costs.ts';
import { inWords, NotMeasured, type PlanOptions, planOf, podsNamed } from './plan.ts';
import { assumptionsSchema, egressPrice, pricesSchema } from './prices.ts';
import { tableOf } from './table.ts';

const data = (file: string): unknown => JSON.parse(readFileSync(new URL(`../data/${file}`, import.meta.url), 'utf8'));
const prices = pricesSchema.parse(data('prices.json'));
const assumptions = assumptionsSchema.parse(data('assumptions.json'));
const load = { average: 10_000, peak: 30_000, headroom: 0.3 };
const options: PlanOptions = { costs: inventedCosts, mix: inventedMix, load, assumptions, prices };

describe('a plan', () => {
  const plan = planOf(options);

  it('has pods for the CPU that the mix needs, with the headroom', () => {
    const gateway = podsNamed(plan, 'gateway');

    // 30,000/s × (0.9 × 0.2 ms + 0.1 × 0.4 ms) = 6.6 cores, 70 % busy.
    expect(gateway?.cpuMsPerRequest).toBeCloseTo(0.22, 6);
    expect(gateway?.needed).toBe(10);
  });

  it('spreads them so that two zones of three carry the peak', () => {
    for (const pods of plan.pods) {
      expect(pods.atPeak % 3).toBe(0);
      expect((pods.atPeak * 2) / 3).toBeGreaterThanOrEqual(pods.needed);
      expect(pods.utilisationWithoutAZone).toBeLessThanOrEqual(0.7 + 1e-9);
      expect(pods.waitMs.own).toBeLessThanOrEqual(20);
      expect(pods.waitMs.shared).toBeLessThanOrEqual(pods.waitMs.own);
    }
  });

  it('counts only the requests that reach a service', () => {
    expect(podsNamed(plan, 'order')?.arrivals).toBeCloseTo(3_000, 6);
    expect(podsNamed(plan, 'user')).toMatchObject({ arrivals: 0, needed: 1, atPeak: 3, requestsPerPod: 0 });
  });

  it('asks for memory of which what was seen is less than the autoscaler minds', () => {
    expect(podsNamed(plan, 'gateway')?.memoryMiB).toBe(224);
    expect(150 / 224).toBeLessThan(0.8);
  });

  it('has room on its nodes for a zone’s pods', () => {
    const { atPeak } = plan.nodes;
    const pods = plan.pods.reduce((sum, of) => sum + of.atPeak / 3, 0) + 1;

    expect(atPeak.total).toBe(atPeak.perZone * 3);
    expect(atPeak.perZone * Math.floor(8 * 0.9)).toBeGreaterThanOrEqual(pods);
    expect(plan.nodes.atAverage.total).toBeLessThan(atPeak.total);
  });

  it('counts connections by Little and pools them', () => {
    const pools = Object.fromEntries(plan.database.pools.map((pool) => [pool.service, pool]));

    expect(Object.keys(pools)).toEqual(['product', 'order', 'payment']);
    // 3,000 purchases/s × 6 ms.
    expect(pools.order?.busy).toBeCloseTo(18, 6);
    expect(pools.order?.pooler).toBeGreaterThanOrEqual(26);
    expect(pools.order?.fromPods).toBeGreaterThan(pools.order?.pooler ?? 0);
    expect(plan.database.maxConnections).toBe(plan.database.pools.reduce((sum, { pooler }) => sum + pooler, 0) + 30);
  });

  it('has a database node with the cores, and as many Redis as one core each can do', () => {
    // 30,000/s × 0.245 ms = 7.35 cores, 70 % busy.
    expect(plan.database.cores).toBe(11);
    expect(plan.database.node?.name).toBe('m7g.4xlarge');
    // 30,000/s × 0.028 ms.
    expect(plan.redis.utilisation).toBeCloseTo(0.84, 6);
    expect(plan.redis).toMatchObject({ primaries: 2, instances: 4 });
    expect(plan.warnings.join()).toContain('Redis needs 0.8 cores');
  });

  it('counts bytes and disks for a month of the average', () => {
    expect(plan.traffic.bytesPerRequest).toBeCloseTo(1_900, 6);
    expect(plan.traffic.peakMbit).toBeCloseTo(456, 6);
    expect(plan.traffic.monthGB).toBeCloseTo(49_932, 0);
    expect(plan.traffic.storedGB).toBeCloseTo(10_512, 0);
  });

  it('costs the sum of its lines, less if it follows the average', () => {
    const { lines, atPeak, atAverage, without } = plan.bill;

    expect(without).toEqual([]);
    expect(atPeak).toBeCloseTo(
      lines.reduce((sum, line) => sum + line.atPeak, 0),
      6,
    );
    expect(atAverage).toBeLessThan(atPeak);
    expect(lines.find(({ what }) => what.startsWith('cluster'))?.atPeak).toBeCloseTo(73, 6);
  });

  it('says all of it in a table, assumptions too', () => {
    const table = tableOf(plan, prices, assumptions);

    expect(table).toMatch(/gateway +0\.220 +30,000 +10 +15/);
    expect(table).toContain('vcpuPerMeasuredCore = 1');
    expect(table).toContain('price volumeGBMonth: The amount could not be read at the source.');
    expect(table).not.toContain('no measurement');
  });
});

describe('what was not measured', () => {
  const changed = (change: (costs: Costs) => void): PlanOptions => {
    const costs = structuredClone(inventedCosts);
    change(costs);
    return { ...options, costs };
  };

  it('ends it all when it is the CPU or the memory of a service, everything named', () => {
    const attempt = () =>
      planOf({
        ...changed((costs) => {
          delete costs.routes.browse?.cpuMs.redis;
          delete costs.memoryMiB.order;
        }),
        mix: { browse: 0.5, purchase: 0.4, unheard: 0.1 },
      });

    expect(attempt).toThrow(NotMeasured);
    expect(attempt).toThrow(
      'no measurement for the CPU of browse in redis\nno measurement for any request of unheard\nno measurement for the memory of order',
    );
  });

  it('leaves a part out, and says which', () => {
    const plan = planOf(
      changed((costs) => {
        delete costs.bytesPerOrder;
        delete costs.routes.browse?.bytesOut;
        delete costs.routes.purchase?.connectionMs?.payment;
      }),
    );

    expect(inWords(plan.missing)).toBe(
      [
        'no measurement for the time purchase holds a connection of payment',
        'no measurement for the bytes of an answer of browse',
        'no measurement for the disk that an order takes',
      ].join('\n'),
    );
    expect(plan.database.maxConnections).toBeUndefined();
    expect(plan.bill.without).toEqual(['database volumes', 'traffic', 'load balancer']);
    const table = tableOf(plan, prices, assumptions);
    expect(table).toContain('together, without database volumes, traffic, load balancer');
    expect(table).toContain('no measurement for the disk that an order takes');
  });

  it('warns when no node is large enough for the database', () => {
    const plan = planOf({ ...options, load: { ...load, peak: 300_000 } });

    expect(plan.database.node).toBeUndefined();
    expect(plan.bill.without).toEqual(['a database that large']);
    expect(plan.warnings[0]).toContain('more than any node has');
  });
});

describe('the price of traffic', () => {
  it('is that of each tier', () => {
    expect(egressPrice(100, prices.egress)).toBe(0);
    expect(egressPrice(10_240, prices.egress)).toBeCloseTo(10_140 * 0.09, 6);
    expect(egressPrice(200_000, prices.egress)).toBeCloseTo(10_140 * 0.09 + 40_960 * 0.085 + 102_400 * 0.07 + 46_400 * 0.05, 6);
  });
});
