import { setTimeout as sleep } from 'node:timers/promises';
import { isReady } from '../cluster/kubectl.ts';
import type { Experiment } from '../experiment.ts';
import { inWords } from '../shop/visitors.ts';
import { victimOf } from './victim.ts';

const VISITED_S = 120;

export const drainedNode: Experiment = {
  id: 'drained-node',
  title: 'a node is drained while people buy, and no request fails',
  run: async ({ cluster, kubectl, platform, shop, rate, measure, wrong }) => {
    const since = new Date();
    const victim = await victimOf(cluster);
    const visiting = shop.visitors(rate, VISITED_S);
    try {
      await sleep(3_000);
      const began = performance.now();
      await kubectl.run(['drain', victim, '--ignore-daemonsets', '--delete-emptydir-data', `--timeout=${VISITED_S - 10}s`]);
      measure(`${victim} is empty after ${((performance.now() - began) / 1_000).toFixed(0)} s`);
      await platform.rolledOut(120);
      const left = (await kubectl.list('pods', `--field-selector=spec.nodeName=${victim}`)).filter(isReady);
      for (const { metadata } of left) wrong(`${metadata.name} is still there`);
    } finally {
      const visited = await visiting;
      await kubectl.run(['uncordon', victim]);
      measure(inWords(visited));
      for (const failure of visited.failures) wrong(failure);
      if (visited.failed > 0) wrong(`${visited.failed} requests failed`);
    }
    for (const difference of await shop.differences(since)) wrong(difference);
    // Nothing moves pods back by itself; a roll-out spreads them again.
    await platform.restart();
  },
};
