import { type Bill, billOf } from './bill.ts';
import { type Costs, type Mix, type Service, services } from './costs.ts';
import { cpuDemand, missingBytes, missingConnections, missingCpu, missingMemory } from './demand.ts';
import { type Load, type Nodes, nodesFor, type Pods, podsOf } from './pods.ts';
import type { Assumptions, Prices } from './prices.ts';
import { type Database, databaseOf, type Redis, redisOf } from './stores.ts';
import { type Traffic, trafficOf } from './traffic.ts';

export interface PlanOptions {
  readonly costs: Costs;
  readonly mix: Mix;
  readonly load: Load;
  readonly assumptions: Assumptions;
  readonly prices: Prices;
}

export interface Plan {
  readonly load: Load;
  readonly measured: Pick<Costs, 'machine' | 'commit' | 'measuredAt'>;
  readonly pods: readonly Pods[];
  readonly nodes: { readonly atPeak: Nodes; readonly atAverage: Nodes };
  readonly database: Database;
  readonly redis: Redis;
  readonly traffic: Traffic;
  readonly bill: Bill;
  /** What could not be said, for want of a measurement. */
  readonly missing: readonly string[];
  readonly warnings: readonly string[];
}

export class NotMeasured extends Error {
  readonly missing: readonly string[];

  constructor(missing: readonly string[]) {
    super(inWords(missing));
    this.missing = missing;
  }
}

export const inWords = (missing: readonly string[]): string => missing.map((what) => `no measurement for ${what}`).join('\n');

/** From what a request costs to what a load takes. Raises `NotMeasured` when the CPU or memory of a service is not known. */
export function planOf(options: PlanOptions): Plan {
  const { costs, mix, load, assumptions, prices } = options;
  const needed = [...missingCpu(costs, mix), ...missingMemory(costs)];
  if (needed.length > 0) throw new NotMeasured(needed);

  const pods = services.map((service) =>
    podsOf({ service, demand: cpuDemand(costs, mix, service), memoryMiB: costs.memoryMiB[service] ?? 0, load, assumptions }),
  );
  const worker = prices.nodeTypes.find(({ name }) => name === prices.workerNode) ?? fail(prices.workerNode);
  const pooler = { count: assumptions.poolerPods.value, memoryMiB: 256 };
  const nodesWith = (count: (of: Pods) => number) =>
    nodesFor([...pods.map((of) => ({ count: count(of), memoryMiB: of.memoryMiB })), pooler], worker, assumptions);
  const nodes = { atPeak: nodesWith(({ atPeak }) => atPeak), atAverage: nodesWith(({ atAverage }) => atAverage) };
  const database = databaseOf(options, pods);
  const redis = redisOf(options);
  const traffic = trafficOf(costs, mix, load, assumptions);
  return {
    load,
    measured: { machine: costs.machine, commit: costs.commit, measuredAt: costs.measuredAt },
    pods,
    nodes,
    database,
    redis,
    traffic,
    bill: billOf({ workers: nodes, database, redis, traffic, prices, assumptions }),
    missing: [
      ...services.flatMap((service) => missingConnections(costs, mix, service)),
      ...missingBytes(costs, mix),
      ...(costs.bytesPerOrder === undefined ? ['the disk that an order takes'] : []),
    ],
    warnings: warningsOf(database, redis),
  };
}

function warningsOf(database: Database, redis: Redis): string[] {
  const warnings: string[] = [];
  if (database.node === undefined) {
    warnings.push(
      `The database needs ${database.cores} cores, more than any node has: give each service a server of its own, or partition.`,
    );
  }
  if (redis.primaries > 1) {
    warnings.push(
      `Redis needs ${redis.utilisation.toFixed(1)} cores and uses one: separate limits, cache and events, or shard, into ${redis.primaries}.`,
    );
  }
  return warnings;
}

export const podsNamed = (plan: Plan, service: Service): Pods | undefined => plan.pods.find((of) => of.service === service);

function fail(name: string): never {
  throw new Error(`There is no node type ${name}.`);
}
