import { describe, expect, it } from 'vitest';
import { type Assumptions, costOf, nodesFor, type Plan, type Prices, sizeFindings } from './sizes.ts';
import type { State } from './state.ts';

const assumptions: Assumptions = { zones: { value: 3 }, nodeReservedCpuShare: { value: 0.1 }, hoursPerMonth: { value: 730 } };
const prices: Prices = {
  nodeTypes: [
    { name: 'm7g.large', vcpu: 2 },
    { name: 'm7g.2xlarge', vcpu: 8 },
    { name: 'm7g.16xlarge', vcpu: 64 },
  ],
  prices: { vcpuHour: { amount: 0.04 }, clusterHour: { amount: 0.1 } },
};
const plan: Plan = {
  pods: [
    { service: 'gateway', atPeak: 42, atAverage: 15, cpu: 1 },
    { service: 'order', atPeak: 45, atAverage: 15, cpu: 1 },
    { service: 'payment', atPeak: 36, atAverage: 12, cpu: 1 },
  ],
  nodes: { atPeak: { type: { name: 'm7g.2xlarge', vcpu: 8 }, total: 18 } },
  database: { node: { name: 'm7g.16xlarge', vcpu: 64 }, instances: 1 },
  redis: { node: { name: 'm7g.large', vcpu: 2 } },
  bill: { lines: [{ what: 'database volumes', atPeak: 1_000 }] },
};

const group = (name: string, type: string, min: number, max: number) => ({
  address: `module.primary.aws_eks_node_group.this["${name}"]`,
  type: 'aws_eks_node_group',
  values: { node_group_name: name, instance_types: [type], scaling_config: [{ min_size: min, max_size: max }] },
});

function production(
  changes: { onDemandMax?: number; spotMin?: number; databaseType?: string; cacheType?: string; budget?: number } = {},
): State {
  const { onDemandMax = 12, spotMin = 3, databaseType = 'm7g.16xlarge', cacheType = 'cache.m7g.large', budget = 8_000 } = changes;
  return {
    root_module: {
      child_modules: [
        {
          address: 'module.primary',
          resources: [
            { address: 'module.primary.aws_eks_cluster.this', type: 'aws_eks_cluster', values: {} },
            {
              address: 'module.primary.aws_elasticache_replication_group.this',
              type: 'aws_elasticache_replication_group',
              values: { node_type: cacheType, num_cache_clusters: 2 },
            },
          ],
          child_modules: [
            {
              resources: [
                group('on-demand', 'm7g.2xlarge', 6, onDemandMax),
                group('spot', 'm7g.2xlarge', spotMin, 6),
                group('database-a', databaseType, 1, 1),
              ],
            },
          ],
        },
        {
          address: 'module.costs',
          resources: [
            {
              address: 'module.costs.aws_budgets_budget.month',
              type: 'aws_budgets_budget',
              values: { limit_amount: String(budget) },
            },
          ],
        },
      ],
    },
  };
}

describe('sizes', () => {
  it('of nodes are the same in each zone: 81 pods, seven to a node of eight cores, are twelve nodes', () => {
    expect(nodesFor(81, 1, 8, assumptions)).toBe(12);
    expect(nodesFor(1, 1, 8, assumptions)).toBe(3);
  });

  it('that follow the plan raise no finding', () => {
    expect(sizeFindings(production(), plan, prices, assumptions)).toEqual([]);
  });

  it.each([
    [{ onDemandMax: 9 }, 'at most 9 on-demand nodes, and the peak needs 12'],
    [{ spotMin: 9 }, 'at least 9 spot nodes, and the average needs 3'],
    [{ databaseType: 'm7g.large' }, 'database-a is m7g.large, and the plan is for m7g.16xlarge'],
    [{ cacheType: 'cache.m7g.2xlarge' }, 'the cache is cache.m7g.2xlarge, and the plan is for m7g.large'],
    [{ budget: 100 }, 'a budget of 100 USD, and the plan costs 5161 to 7263'],
    [{ budget: 20_000 }, 'a budget of 20000 USD, and the plan costs 5161 to 7263'],
  ])('that do not are named: %o', (changes, finding) => {
    expect(sizeFindings(production(changes), plan, prices, assumptions)).toContain(finding);
  });

  it('cost what the price list says, disks, caches and the control plane included', () => {
    const large = 2 * 0.04 * 730;

    const { least } = costOf(production(), plan, prices, 730);

    expect(least).toBeCloseTo(9 * 4 * large + 32 * large + 2 * large + 1_000 + 73, 5);
  });
});
