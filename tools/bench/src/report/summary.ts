import type { Scenario } from '../scenarios/scenario.ts';
import type { Ratio, Sample, ScenarioResult } from './result.ts';

type Described = Pick<Scenario, 'name' | 'title' | 'yardstick'>;

/** Puts the rounds of all scenarios together. `samples` has one array per scenario, in the order of the rounds. */
export function summaryOf(
  scenarios: readonly Described[],
  samples: ReadonlyMap<string, readonly Sample[]>,
): Omit<ScenarioResult, 'at' | 'commit'>[] {
  return scenarios.map(({ name, title, yardstick }) => {
    const own = samples.get(name) ?? [];
    const done = sum(own.map((sample) => sample.done));
    const cpuMs = perRequest(own, ({ cpu }) => cpu, 1_000 / done);
    const totalCpuMs = sum(Object.values(cpuMs));
    const yardsticks = yardstick === undefined ? undefined : samples.get(yardstick);
    return {
      name,
      title,
      done,
      requestsPerCpuSecond: 1_000 / totalCpuMs,
      requestsPerSecond: (1_000 * done) / sum(own.map(({ tookMs }) => tookMs)),
      cpuMs,
      totalCpuMs,
      p50Ms: median(own.map(({ p50Ms }) => p50Ms)),
      p99Ms: Math.max(...own.map(({ p99Ms }) => p99Ms)),
      ...(own[0]?.bytes !== undefined && { bytesOut: sum(own.map(({ bytes = 0 }) => bytes)) / done }),
      connectionMs: perRequest(own, ({ databaseMs = {} }) => databaseMs, 1 / done),
      ...(yardstick !== undefined && yardsticks !== undefined && { ratio: ratioOf(yardstick, own, yardsticks) }),
    };
  });
}

function perRequest(samples: readonly Sample[], of: (sample: Sample) => Readonly<Record<string, number>>, factor: number) {
  const names = [...new Set(samples.flatMap((sample) => Object.keys(of(sample))))];
  return Object.fromEntries(names.map((name) => [name, factor * sum(samples.map((sample) => of(sample)[name] ?? 0))]));
}

/** Round by round, so that what slows the machine for a while slows both sides of a ratio. */
export function ratioOf(of: string, own: readonly Sample[], yardstick: readonly Sample[]): Ratio {
  const ratios = own.map((sample, round) => {
    const other = yardstick[round];
    if (other === undefined) throw new Error(`${of} has no round ${round + 1}.`);
    return speedOf(sample) / speedOf(other);
  });
  return { of, median: median(ratios), lowest: Math.min(...ratios), highest: Math.max(...ratios) };
}

/** Requests per CPU-second. */
export const speedOf = ({ done, cpu }: Pick<Sample, 'done' | 'cpu'>): number => done / sum(Object.values(cpu));

export function median(values: readonly number[]): number {
  const ordered = values.toSorted((one, other) => one - other);
  const middle = Math.floor(ordered.length / 2);
  const upper = ordered[middle] ?? Number.NaN;
  return ordered.length % 2 === 1 ? upper : (upper + (ordered[middle - 1] ?? Number.NaN)) / 2;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
