import { fileURLToPath } from 'node:url';
import { NotRun } from '../cluster/cluster.ts';
import type { Experiment, Lab } from '../experiment.ts';
import { growAndShrink } from './scaling.ts';

const RULES = fileURLToPath(new URL('../../custom-metrics-rules.json', import.meta.url));
const METRIC = '/apis/custom.metrics.k8s.io/v1beta2/namespaces/emporium/pods/*/http_requests_per_second';
const VISITED_S = 90;
/** Instead of 1000: two cores cannot send so many. */
const AVERAGE = '10';

export const autoscalingRequests: Experiment = {
  id: 'autoscaling-requests',
  title: 'an autoscaler adds gateways by requests per second alone',
  run: async (lab) => {
    const { cluster, kubectl, platform, measure } = lab;
    if (process.env.EMPORIUM_ADDONS === 'custom-metrics') await cluster.addCustomMetrics?.(RULES);
    const { code, stdout } = await kubectl.attempt(['get', '--raw', METRIC]);
    if (code !== 0)
      throw new NotRun('there is no http_requests_per_second; EMPORIUM_ADDONS=custom-metrics brings it to a test cluster');
    measure(`the adapter knows ${(JSON.parse(stdout) as { items: unknown[] }).items.length} pods`);
    const before = JSON.stringify([
      { op: 'replace', path: '/spec/metrics', value: (await kubectl.get('hpa', 'gateway')).spec.metrics },
    ]);
    try {
      await scaleByRequests(lab);
      await growAndShrink(lab, ['gateway'], lab.rate * 3, VISITED_S);
    } finally {
      await kubectl.run(['patch', 'hpa', 'gateway', '--type=json', '-p', before]);
      await platform.holdAutoscalers();
    }
  },
};

/** The metric of components/autoscaling-requests, without the others, so that it must be the cause. */
async function scaleByRequests({ kubectl }: Lab): Promise<void> {
  const pods = { metric: { name: 'http_requests_per_second' }, target: { type: 'AverageValue', averageValue: AVERAGE } };
  const patch = [
    { op: 'replace', path: '/spec/metrics', value: [{ type: 'Pods', pods }] },
    { op: 'replace', path: '/spec/maxReplicas', value: 4 },
  ];
  await kubectl.run(['patch', 'hpa', 'gateway', '--type=json', '-p', JSON.stringify(patch)]);
}
