import { NAMESPACE } from '../cluster/kubectl.ts';
import type { Experiment, Lab } from '../experiment.ts';
import { SERVICES } from '../platform.ts';

export const disruptionBudget: Experiment = {
  id: 'disruption-budget',
  title: 'of each service one pod may be evicted, and not the other one with it',
  run: async (lab) => {
    for (const service of SERVICES) await evictBoth(lab, service);
    await lab.platform.twoOfEach();
  },
};

async function evictBoth({ kubectl, platform, measure, wrong }: Lab, service: string): Promise<void> {
  const pods = await platform.pods(service);
  const outcomes: string[] = [];
  for (const { metadata } of pods) {
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: metadata.name, namespace: NAMESPACE } };
    const path = `/api/v1/namespaces/${NAMESPACE}/pods/${metadata.name}/eviction`;
    const { code, stderr } = await kubectl.attempt(['create', '--raw', path, '-f', '-'], { input: JSON.stringify(eviction) });
    outcomes.push(code === 0 ? 'evicted' : stderr.includes('disruption budget') ? 'refused' : stderr.trim());
  }
  const said = outcomes.join(', ');
  if (said === 'evicted, refused') measure(`${service}: ${said}`);
  else wrong(`${service}: ${said}, instead of evicted, refused`);
}
