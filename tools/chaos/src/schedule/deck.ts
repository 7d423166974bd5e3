import type { Random } from './random.ts';

/** `count` of the items in chance order, each as often as the others: whole shuffled rounds, the last one cut off. */
export function deck<Item>(random: Random, items: readonly Item[], count: number): Item[] {
  const rounds = Array.from({ length: Math.ceil(count / items.length) }, (_, round) =>
    random.fork(`round-${round}`).shuffled(items),
  );
  return rounds.flat().slice(0, count);
}
