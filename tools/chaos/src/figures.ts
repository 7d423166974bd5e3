import type { Limit, Statistic, Unit } from './experiment.ts';
import { percentile, sum } from './report/statistics.ts';

export interface Figure {
  readonly name: string;
  readonly unit: Unit;
  readonly samples: number[];
}

/** What the trials of one experiment measured, by name. */
export class Figures {
  readonly #figures = new Map<string, Figure>();

  add(name: string, value: number, unit: Unit): void {
    const figure = this.#figures.get(name) ?? { name, unit, samples: [] };
    figure.samples.push(value);
    this.#figures.set(name, figure);
  }

  all(): readonly Figure[] {
    return [...this.#figures.values()];
  }

  /** The limits that do not hold, in words. */
  beyond(limits: readonly Limit[]): string[] {
    return limits.flatMap(
      ({ figure: name, statistic, atMost = Number.POSITIVE_INFINITY, atLeast = Number.NEGATIVE_INFINITY, fromSamples = 1 }) => {
        const figure = this.#figures.get(name);
        if (figure === undefined) return [`${name} was never measured`];
        if (figure.samples.length < fromSamples) return [];
        const value = statisticOf(figure.samples, statistic);
        if (value > atMost)
          return [`${name} ${statistic} is ${withUnit(value, figure.unit)}, over ${withUnit(atMost, figure.unit)}`];
        if (value < atLeast)
          return [`${name} ${statistic} is ${withUnit(value, figure.unit)}, under ${withUnit(atLeast, figure.unit)}`];
        return [];
      },
    );
  }
}

export function statisticOf(samples: readonly number[], statistic: Statistic): number {
  switch (statistic) {
    case 'p50':
      return percentile(samples, 0.5);
    case 'p99':
      return percentile(samples, 0.99);
    case 'max':
      return Math.max(...samples);
    case 'min':
      return Math.min(...samples);
    case 'sum':
      return sum(samples);
    case 'last':
      return samples.at(-1) ?? 0;
  }
}

/** `3 ms`, `3.2 s`, `80 %`. */
export function withUnit(value: number, unit: Unit): string {
  if (unit === 'ms' && Math.abs(value) >= 1_000) return `${(value / 1_000).toFixed(1)} s`;
  const number = Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 1 : 0);
  return unit === '' ? number : `${number} ${unit}`;
}

/** `recovery p50 1.2 s, p99 4.0 s, max 4.1 s`; a single sample as it is. */
export function inWords({ name, unit, samples }: Figure): string {
  if (samples.length === 1) return `${name} ${withUnit(samples[0] ?? 0, unit)}`;
  if (samples.every((sample) => sample === samples[0])) return `${name} ${withUnit(samples[0] ?? 0, unit)} each`;
  const parts = (['p50', 'p99', 'max'] as const).map(
    (statistic) => `${statistic} ${withUnit(statisticOf(samples, statistic), unit)}`,
  );
  return `${name} ${parts.join(', ')}`;
}
