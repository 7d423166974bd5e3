import { MACHINE, type Sample, type Samples } from './sampler.ts';

/** What one process used in a run; of a service, all its replicas together. */
export interface ServerUse {
  readonly name: string;
  /** While the load was on: what was used before and after it is left out. */
  readonly cpuSeconds: number;
  readonly memoryFirstBytes: number;
  readonly memoryPeakBytes: number;
  readonly memoryLastBytes: number;
  /** By least squares over the last two thirds of the load; undefined for less than ten minutes, in which everything grows. */
  readonly memoryGrowthBytesPerHour: number | undefined;
}

const ORDER = ['gateway', 'user', 'product', 'order', 'payment', 'simulator', 'postgres', 'redis', 'k6'];

/** Those that serve; the rest are there for the test. */
export const isServer = (name: string): boolean => !['k6', 'simulator'].includes(name);

export function serversOf(samples: Samples, from: number, to: number): ServerUse[] {
  const rank = (name: string) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  const uses = [...samples].filter(([name]) => name !== MACHINE).map(([name, all]) => useOf(name, all, from, to));
  return [...Map.groupBy(uses, ({ name }) => serviceOf(name))]
    .map(([name, replicas]) => together(name, replicas))
    .toSorted((one, other) => rank(one.name) - rank(other.name));
}

/** `order` of `order-2`. */
const serviceOf = (name: string): string => name.replace(/-\d+$/, '');

function together(name: string, uses: readonly ServerUse[]): ServerUse {
  const sum = (of: (use: ServerUse) => number) => uses.reduce((total, use) => total + of(use), 0);
  return {
    name,
    cpuSeconds: Math.round(100 * sum(({ cpuSeconds }) => cpuSeconds)) / 100,
    memoryFirstBytes: sum(({ memoryFirstBytes }) => memoryFirstBytes),
    memoryPeakBytes: sum(({ memoryPeakBytes }) => memoryPeakBytes),
    memoryLastBytes: sum(({ memoryLastBytes }) => memoryLastBytes),
    memoryGrowthBytesPerHour: uses.every(({ memoryGrowthBytesPerHour }) => memoryGrowthBytesPerHour === undefined)
      ? undefined
      : sum(({ memoryGrowthBytesPerHour = 0 }) => memoryGrowthBytesPerHour),
  };
}

/** What programs that have nothing to do with the run used meanwhile; undefined where that is not known, or where nothing of ours is. */
export function othersOf(samples: Samples, from: number, to: number): number | undefined {
  const machine = samples.get(MACHINE);
  if (machine === undefined || samples.size < 2) return undefined;
  const ours = serversOf(samples, from, to).reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
  return Math.max(0, Math.round(100 * (usedBetween(machine, from, to) - ours)) / 100);
}

function useOf(name: string, all: readonly Sample[], from: number, to: number): ServerUse {
  const memory = all.flatMap(({ memoryBytes }) => memoryBytes ?? []);
  return {
    name,
    cpuSeconds: Math.round(100 * usedBetween(all, from, to)) / 100,
    memoryFirstBytes: memory[0] ?? 0,
    memoryPeakBytes: Math.max(0, ...memory),
    memoryLastBytes: memory.at(-1) ?? 0,
    memoryGrowthBytesPerHour: to - from < LEAST_FOR_GROWTH_MS ? undefined : growthOf(all, from + (to - from) / 3, to),
  };
}

const LEAST_FOR_GROWTH_MS = 600_000;
const HOUR_MS = 3_600_000;

function growthOf(all: readonly Sample[], from: number, to: number): number {
  const points = all.flatMap(({ at, memoryBytes }) =>
    memoryBytes === undefined || at < from || at > to ? [] : { at, memoryBytes },
  );
  const mean = (of: (point: (typeof points)[number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [time, memory] = [mean(({ at }) => at), mean(({ memoryBytes }) => memoryBytes)];
  const spread = mean(({ at }) => (at - time) ** 2);
  const together = mean(({ at, memoryBytes }) => (at - time) * (memoryBytes - memory));
  return spread > 0 ? Math.round((together / spread) * HOUR_MS) : 0;
}

/** Steps between samples; a process that died and was started again begins at nothing. */
function usedBetween(all: readonly Sample[], from: number, to: number): number {
  return all.reduce((sum, { at, cpuSeconds }, index) => {
    const before = all[index - 1];
    if (before === undefined || at <= from || before.at >= to) return sum;
    const used = cpuSeconds >= before.cpuSeconds ? cpuSeconds - before.cpuSeconds : cpuSeconds;
    const share = (Math.min(at, to) - Math.max(before.at, from)) / (at - before.at);
    return sum + used * share;
  }, 0);
}
