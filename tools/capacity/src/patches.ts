import { stringify } from 'yaml';
import type { Plan } from './plan.ts';
import type { Pods } from './pods.ts';

const CPU_PERCENT = 70;
const MEMORY_PERCENT = 80;

/** File name to content: a kustomize component whose patches merge into Deployments and autoscalers named like the services. */
export function patchesOf(plan: Plan): Record<string, string> {
  const patches = plan.pods.flatMap((pods): [string, unknown][] => [
    [`${pods.service}.resources.yaml`, resources(pods, poolMax(plan, pods))],
    [`${pods.service}.autoscaler.yaml`, autoscaler(pods)],
  ]);
  const component = {
    apiVersion: 'kustomize.config.k8s.io/v1alpha1',
    kind: 'Component',
    patches: patches.map(([path]) => ({ path })),
  };
  const { load, measured } = plan;
  const origin = `# npm run capacity: ${load.average} requests/s, ${load.peak} at the peak, ${load.headroom} free; measured at ${measured.commit}.\n`;
  return Object.fromEntries(
    [['kustomization.yaml', component] as const, ...patches].map(([name, content]) => [name, origin + stringify(content)]),
  );
}

const poolMax = ({ database }: Plan, { service }: Pods): number | undefined =>
  database.pools.find((pool) => pool.service === service)?.perPod;

/** No CPU limit: a throttled event loop is late for everybody. Memory is limited to what is asked for, so that nodes are never short of it. */
function resources({ service, cpu, memoryMiB }: Pods, pool: number | undefined) {
  const memory = `${memoryMiB}Mi`;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: service },
    spec: {
      template: {
        spec: {
          containers: [
            {
              name: service,
              ...(pool === undefined ? {} : { env: [{ name: 'DATABASE_POOL_MAX', value: `${pool}` }] }),
              resources: { requests: { cpu: `${cpu}`, memory }, limits: { memory } },
            },
          ],
        },
      },
    },
  };
}

/** Up at once and by as much as there is; down slowly, because a peak comes again. */
function autoscaler({ service, atAverage, atPeak, requestsPerPod }: Pods) {
  const resource = (name: string, averageUtilization: number) => ({
    type: 'Resource',
    resource: { name, target: { type: 'Utilization', averageUtilization } },
  });
  const requests = {
    type: 'Pods',
    pods: {
      metric: { name: 'http_requests_per_second' },
      target: { type: 'AverageValue', averageValue: `${Math.max(1, Math.floor(requestsPerPod))}` },
    },
  };
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: service },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: service },
      minReplicas: atAverage,
      maxReplicas: atPeak,
      metrics: [resource('cpu', CPU_PERCENT), resource('memory', MEMORY_PERCENT), ...(requestsPerPod > 0 ? [requests] : [])],
      behavior: {
        scaleUp: {
          stabilizationWindowSeconds: 0,
          selectPolicy: 'Max',
          policies: [
            { type: 'Percent', value: 100, periodSeconds: 15 },
            { type: 'Pods', value: 4, periodSeconds: 15 },
          ],
        },
        scaleDown: { stabilizationWindowSeconds: 300, policies: [{ type: 'Percent', value: 10, periodSeconds: 60 }] },
      },
    },
  };
}
