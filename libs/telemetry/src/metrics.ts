import { Counter, collectDefaultMetrics, Gauge, Histogram, type Metric, Registry } from 'prom-client';
import { addTallies } from './tallies.ts';

/** Everything `/metrics` shows. One per process, apart from prom-client's own, so that no other library can add to it. */
export const registry = new Registry();

function withTallies(this: object): void {
  addTallies(this);
}

/** A count that only grows. The same name gives the same counter; with other labels or another type it is a plain Error. */
export const counter = <Label extends string = string>(
  name: string,
  help: string,
  labelNames: readonly Label[] = [],
): Counter<Label> =>
  getOrCreate(
    Counter<Label>,
    name,
    labelNames,
    () => new Counter({ name, help, labelNames, registers: [registry], collect: withTallies }),
  );

/** A level that goes up and down. Same rule for the name as `counter`. */
export const gauge = <Label extends string = string>(
  name: string,
  help: string,
  labelNames: readonly Label[] = [],
): Gauge<Label> =>
  getOrCreate(
    Gauge<Label>,
    name,
    labelNames,
    () => new Gauge({ name, help, labelNames, registers: [registry], collect: withTallies }),
  );

/** Seconds; from a cache hit to the 3 s within which every request has an answer, and beyond for what breaks that promise. */
const secondsOfRequests = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** A distribution, in seconds unless the buckets say otherwise. Same rule for the name as `counter`; the first buckets stay. */
export const histogram = <Label extends string = string>(
  name: string,
  help: string,
  labelNames: readonly Label[] = [],
  buckets: readonly number[] = secondsOfRequests,
): Histogram<Label> =>
  getOrCreate(
    Histogram<Label>,
    name,
    labelNames,
    () => new Histogram({ name, help, labelNames, buckets: [...buckets], registers: [registry], collect: withTallies }),
  );

let collecting = false;

/** Adds memory, event loop, garbage collection and process figures. May be called any number of times. */
export function startDefaultMetrics(): void {
  if (collecting) return;
  collecting = true;
  collectDefaultMetrics({ register: registry });
}

const labelsOf = new Map<string, string>();

function getOrCreate<Kind extends Metric>(
  type: abstract new (...args: never[]) => Kind,
  name: string,
  labelNames: readonly string[],
  create: () => Kind,
): Kind {
  const labels = [...labelNames].sort().join(',');
  const existing = registry.getSingleMetric(name);
  if (existing === undefined) {
    const created = create();
    labelsOf.set(name, labels);
    return created;
  }
  if (!(existing instanceof type)) throw new Error(`The metric ${name} exists as another type.`);
  if (labelsOf.get(name) !== labels) throw new Error(`The metric ${name} exists with the labels "${labelsOf.get(name)}".`);
  return existing;
}
