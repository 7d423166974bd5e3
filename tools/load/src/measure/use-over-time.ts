import type { UseOverTime } from '../report/result.ts';
import { MACHINE, type Samples } from './sampler.ts';

/** Lines for the charts, from the moment visitors came. */
export function useOverTime(samples: Samples, beganAt: number): UseOverTime[] {
  const since = (at: number) => Math.round((at - beganAt) / 100) / 10;
  return [...samples].map(([name, all]) => ({
    name: name === MACHINE ? 'all programs' : name,
    cores: all.slice(1).flatMap(({ at, cpuSeconds }, index): [number, number][] => {
      const before = all[index];
      if (before === undefined || at < beganAt || at <= before.at) return [];
      const used = Math.max(0, cpuSeconds - before.cpuSeconds) / ((at - before.at) / 1_000);
      return [[since(at), Math.round(1_000 * used) / 1_000]];
    }),
    memory: all.flatMap(({ at, memoryBytes }): [number, number][] =>
      memoryBytes === undefined || at < beganAt ? [] : [[since(at), memoryBytes]],
    ),
  }));
}
