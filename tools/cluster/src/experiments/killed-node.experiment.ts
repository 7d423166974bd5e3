import { setTimeout as sleep } from 'node:timers/promises';
import { NotRun } from '../cluster/cluster.ts';
import type { Experiment } from '../experiment.ts';
import { SERVICES } from '../platform.ts';
import { inWords } from '../shop/visitors.ts';
import { victimOf } from './victim.ts';

const VISITED_S = 150;
/** By then the cluster has noticed, and what is left of the shop has been on its own for a while. */
const QUIET_FOR_S = 45;

export const killedNode: Experiment = {
  id: 'killed-node',
  title: 'a node loses its power while people buy; the shop goes on without it, and the books agree',
  run: async ({ cluster, kubectl, platform, shop, rate, measure, wrong }) => {
    const { power } = cluster;
    if (power === undefined) throw new NotRun('nobody here can take the power of a node away');
    const since = new Date();
    const victim = await victimOf(cluster);
    const visiting = shop.visitors(rate, VISITED_S);
    await sleep(5_000);
    await power.off(victim);
    const off = performance.now();
    try {
      measure(`${victim} is off; its pods are replaced after ${await replaced()} s`);
    } finally {
      const visited = await visiting;
      measure(inWords(visited));
      for (const failure of visited.failures) measure(failure);
      if ((visited.lastFailureAt ?? 0) > VISITED_S - QUIET_FOR_S) wrong('requests still fail when the node has long been gone');
      await power.on(victim);
      await kubectl.run(['wait', `node/${victim}`, '--for=condition=Ready', '--timeout=120s']);
    }
    for (const difference of await shop.differences(since)) wrong(difference);
    await platform.restart();

    async function replaced(): Promise<string> {
      const elsewhere = async (service: string) =>
        (await platform.pods(service)).filter(({ spec, status }) => spec.nodeName !== victim && hasReadyContainers(status))
          .length;
      while (performance.now() - off < (VISITED_S - 10) * 1_000) {
        const counts = await Promise.all(SERVICES.map(elsewhere));
        if (counts.every((count) => count >= 2)) return ((performance.now() - off) / 1_000).toFixed(0);
        await sleep(1_000);
      }
      wrong('the pods of the dead node are not replaced');
      return `more than ${VISITED_S - 10}`;
    }
  },
};

const hasReadyContainers = (status: { containerStatuses?: { ready: boolean }[] }) =>
  (status.containerStatuses ?? []).length > 0 && (status.containerStatuses ?? []).every(({ ready }) => ready);
