import type { Counter, Gauge, Histogram } from 'prom-client';

/**
 * Counts of one series, kept as numbers and added to the metric when somebody reads it. prom-client writes and looks up a text of all labels
 * with every count: in a busy gateway that was a sixth of what an answer from memory costs.
 */
const byMetric = new WeakMap<object, (() => void)[]>();

/** Adds what was counted since the last time; a metric calls it when it is read. */
export function addTallies(metric: object): void {
  for (const add of byMetric.get(metric) ?? []) add();
}

function whenRead(metric: object, add: () => void): void {
  const known = byMetric.get(metric);
  if (known === undefined) byMetric.set(metric, [add]);
  else known.push(add);
}

type Labels<Label extends string> = Readonly<Record<Label, string>>;

/** One series of a counter. */
export interface CountTally {
  inc(): void;
}

/** Ask for it once for each series, and keep it. */
export function countTally<Label extends string>(counter: Counter<Label>, labels: Labels<Label>): CountTally {
  let count = 0;
  whenRead(counter, () => {
    if (count > 0) counter.inc(labels, count);
    count = 0;
  });
  return {
    inc: () => {
      count += 1;
    },
  };
}

/** A level that is set in the metric when it is read. */
export interface LevelTally {
  add(difference: number): void;
  set(level: number): void;
}

/** Of a gauge without labels, which nobody else sets. */
export function levelTally(gauge: Gauge): LevelTally {
  let level = 0;
  whenRead(gauge, () => gauge.set(level));
  return {
    add: (difference) => {
      level += difference;
    },
    set: (now) => {
      level = now;
    },
  };
}

/** What prom-client keeps of a series. Its interface adds one value at a time only; the spec compares. */
interface Kept {
  readonly labels: Readonly<Record<string, string>>;
  readonly bucketValues: Record<number, number>;
  sum: number;
  count: number;
}

interface Inside {
  readonly upperBounds: readonly number[];
  readonly hashMap: Readonly<Record<string, Kept>>;
}

/** One series of a histogram. */
export interface TimeTally {
  observe(seconds: number): void;
}

/** Ask for it once for each series, and keep it. */
export function timeTally<Label extends string>(histogram: Histogram<Label>, labels: Labels<Label>): TimeTally {
  const inside = histogram as unknown as Inside;
  const bounds = inside.upperBounds;
  const counts = bounds.map(() => 0);
  let sum = 0;
  let count = 0;
  const find = () => Object.values(inside.hashMap).find((each) => isSame(each.labels, labels));

  whenRead(histogram, () => {
    if (count === 0) return;
    if (find() === undefined) histogram.zero(labels);
    const kept = find();
    if (kept === undefined) throw new Error('prom-client keeps a series elsewhere than it did.');
    for (const [index, bound] of bounds.entries()) {
      kept.bucketValues[bound] = (kept.bucketValues[bound] ?? 0) + (counts[index] ?? 0);
      counts[index] = 0;
    }
    kept.sum += sum;
    kept.count += count;
    sum = 0;
    count = 0;
  });
  return {
    observe: (seconds) => {
      sum += seconds;
      count += 1;
      const index = bounds.findIndex((bound) => seconds <= bound);
      if (index !== -1) counts[index] = (counts[index] ?? 0) + 1;
    },
  };
}

const isSame = (one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean =>
  Object.keys(other).every((name) => one[name] === other[name]);
