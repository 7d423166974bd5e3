import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { services } from './costs.ts';
import { inventedCosts, inventedMix } from './invented-costs.ts';
import { patchesOf } from './patches.ts';
import { planOf } from './plan.ts';
import { assumptionsSchema, pricesSchema } from './prices.ts';

const data = (file: string): unknown => JSON.parse(readFileSync(new URL(`../data/${file}`, import.meta.url), 'utf8'));

describe('the patches of a plan', () => {
  const plan = planOf({
    costs: inventedCosts,
    mix: inventedMix,
    load: { average: 10_000, peak: 30_000, headroom: 0.3 },
    assumptions: assumptionsSchema.parse(data('assumptions.json')),
    prices: pricesSchema.parse(data('prices.json')),
  });
  const files = patchesOf(plan);
  const read = (name: string) => parse(files[name] ?? '');

  it('are two for each service, all named by the component', () => {
    const { kind, patches } = read('kustomization.yaml');

    expect(kind).toBe('Component');
    expect(patches).toHaveLength(2 * services.length);
    expect(patches.map(({ path }: { path: string }) => path).sort()).toEqual(
      Object.keys(files)
        .filter((name) => name !== 'kustomization.yaml')
        .sort(),
    );
  });

  it('scale on CPU, memory and requests, between the average and the peak', () => {
    const { apiVersion, spec } = read('gateway.autoscaler.yaml');

    expect(apiVersion).toBe('autoscaling/v2');
    expect(spec).toMatchObject({ minReplicas: 6, maxReplicas: 15, scaleTargetRef: { kind: 'Deployment', name: 'gateway' } });
    expect(spec.metrics).toEqual([
      { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
      { type: 'Resource', resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 80 } } },
      {
        type: 'Pods',
        // 0.7 / 0.22 ms
        pods: { metric: { name: 'http_requests_per_second' }, target: { type: 'AverageValue', averageValue: '3181' } },
      },
    ]);
  });

  it('ask for a core, for memory, and for a pool', () => {
    const [container] = read('order.resources.yaml').spec.template.spec.containers;
    const pool = plan.database.pools.find(({ service }) => service === 'order');

    expect(container).toEqual({
      name: 'order',
      env: [{ name: 'DATABASE_POOL_MAX', value: String(pool?.perPod) }],
      resources: { requests: { cpu: '1', memory: '208Mi' }, limits: { memory: '208Mi' } },
    });
    expect(read('gateway.resources.yaml').spec.template.spec.containers[0]).not.toHaveProperty('env');
  });

  it('do not scale on requests that were not seen', () => {
    expect(read('user.autoscaler.yaml').spec.metrics).toHaveLength(2);
  });
});
