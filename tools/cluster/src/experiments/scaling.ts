import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from '../experiment.ts';
import { inWords } from '../shop/visitors.ts';

const DOWN_WITHIN_S = 420;

/** Visitors until an autoscaler has acted, and then until it has taken it back. Returns the services that grew. */
export async function growAndShrink(lab: Lab, services: readonly string[], rate: number, seconds: number): Promise<string[]> {
  const { kubectl, shop, measure, wrong } = lab;
  const began = performance.now();
  const since = () => ((performance.now() - began) / 1_000).toFixed(0);
  const replicas = async () => {
    const scalers = await kubectl.list('hpa');
    return new Map(scalers.map(({ metadata, status }) => [metadata.name, Number(status.currentReplicas ?? 0)]));
  };
  const most = new Map<string, number>();
  let visitorsAreThere = true;
  const visiting = shop.visitors(rate, seconds).finally(() => {
    visitorsAreThere = false;
  });
  while (visitorsAreThere) {
    for (const [name, count] of await replicas()) {
      if (count > 2 && most.get(name) === undefined) measure(`${name} grows after ${since()} s`);
      if (count > 2) most.set(name, Math.max(count, most.get(name) ?? 0));
    }
    await sleep(2_000);
  }
  measure(inWords(await visiting));
  const grown = services.filter((name) => most.has(name));
  if (grown.length === 0) wrong(`none of ${services.join(', ')} grew`);
  else measure(`grown to ${grown.map((name) => `${name} ${most.get(name)}`).join(', ')}`);
  const end = Date.now() + DOWN_WITHIN_S * 1_000;
  while ([...(await replicas()).values()].some((count) => count > 2)) {
    if (Date.now() > end) {
      wrong(`not back at two of each after ${DOWN_WITHIN_S} s`);
      break;
    }
    await sleep(3_000);
  }
  measure(`two of each again after ${since()} s`);
  return grown;
}
