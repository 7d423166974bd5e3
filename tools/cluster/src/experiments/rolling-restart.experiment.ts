import { setTimeout as sleep } from 'node:timers/promises';
import type { Experiment, Lab } from '../experiment.ts';
import { SERVICES } from '../platform.ts';
import { inWords } from '../shop/visitors.ts';

/** Longer than two pods of five services take to be replaced, one after the other, and the last one to end. */
const VISITED_S = 180;
const END_OF_A_POD_S = 20;

export const rollingRestart: Experiment = {
  id: 'rolling-restart',
  title: 'all services are restarted under load, and no request fails',
  run: async (lab) => {
    const since = new Date();
    for (let round = 1; round <= lab.rounds; round += 1) await restartOnce(lab, round);
    for (const difference of await lab.shop.differences(since)) lab.wrong(difference);
  },
};

async function restartOnce({ platform, shop, rate, rounds, measure, wrong }: Lab, round: number): Promise<void> {
  await platform.twoOfEach();
  const visiting = shop.visitors(rate, VISITED_S);
  const restarting = (async () => {
    await sleep(3_000);
    const began = performance.now();
    // One service after another, as releases of services come; ten processes that start at once are a test of the machine's cores.
    for (const service of SERVICES) await platform.restart(service);
    return (performance.now() - began) / 1_000;
  })();
  const [visited, tookS] = await Promise.all([visiting, restarting]);
  measure(`round ${round} of ${rounds}: replaced in ${tookS.toFixed(0)} s; ${inWords(visited)}`);
  for (const failure of visited.failures) wrong(failure);
  if (visited.failed > 0) wrong(`round ${round}: ${visited.failed} requests failed`);
  if (tookS + END_OF_A_POD_S > VISITED_S) wrong(`round ${round}: the visitors had gone before the last pod had`);
}
