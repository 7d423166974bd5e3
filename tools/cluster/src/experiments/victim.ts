import type { Cluster } from '../cluster/cluster.ts';
import { NotRun } from '../cluster/cluster.ts';
import { isReady } from '../cluster/kubectl.ts';

/** A node that may be taken away and has none of the stores, which have no replica in the local overlay, and as many services as possible. */
export async function victimOf(cluster: Cluster): Promise<string> {
  const pods = (await cluster.kubectl.list('pods')).filter(isReady);
  const on = (node: string) => pods.filter(({ spec }) => spec.nodeName === node);
  const hasStore = (node: string) => on(node).some(({ metadata }) => metadata.labels?.['emporium.example/store'] !== undefined);
  const candidates = (await cluster.workers()).filter((node) => !hasStore(node) && on(node).length > 0);
  const [victim] = candidates.toSorted((one, other) => on(other).length - on(one).length);
  if (victim === undefined) throw new NotRun('every node that may be taken away has a store on it');
  return victim;
}
