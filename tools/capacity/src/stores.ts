import { type Costs, type Mix, type Service, services, sumOf } from './costs.ts';
import { connectionDemand, cpuDemand, loadOf, missingConnections, perRequest } from './demand.ts';
import type { Load, Pods } from './pods.ts';
import type { Assumptions, NodeType, Prices } from './prices.ts';
import { inside, serversForSharedQueue, waitPercentileSeconds } from './queue.ts';

export interface Pool {
  readonly service: Service;
  /** Connections at work on average at the peak: Little's law. */
  readonly busy: number;
  /** `DATABASE_POOL_MAX` of each pod. */
  readonly perPod: number;
  /** Of all pods at the peak: what the pooler accepts. */
  readonly fromPods: number;
  /** What the pooler opens to the database: as large as needed by all pods together. */
  readonly pooler: number;
}

export interface Database {
  readonly cpuMsPerRequest: number;
  readonly cores: number;
  readonly waitMs: number;
  /** The smallest that has the cores; undefined when none has. */
  readonly node: NodeType | undefined;
  readonly instances: number;
  readonly pools: readonly Pool[];
  /** Undefined while some of the pools are not known. */
  readonly maxConnections: number | undefined;
}

export interface Redis {
  readonly cpuMsPerRequest: number;
  /** Of the one core that a Redis process uses, at the peak. */
  readonly utilisation: number;
  readonly primaries: number;
  readonly instances: number;
  readonly node: NodeType | undefined;
}

export interface StoresOptions {
  readonly costs: Costs;
  readonly mix: Mix;
  readonly load: Load;
  readonly assumptions: Assumptions;
  readonly prices: Prices;
}

/** One PostgreSQL for the four databases, as it was measured; its cores are servers that share one queue. */
export function databaseOf(options: StoresOptions, pods: readonly Pods[]): Database {
  const { costs, mix, load, assumptions, prices } = options;
  const demand = cpuDemand(costs, mix, 'postgres');
  const station = loadOf({ ...demand, serviceSeconds: demand.serviceSeconds / assumptions.vcpuPerMeasuredCore.value }, load.peak);
  const limits = { utilisation: 1 - load.headroom, waitSeconds: assumptions.waitP95Ms.value / 1_000, share: 0.95 };
  const cores = serversForSharedQueue(station, limits);
  const pools = services.flatMap((service) => poolOf(service, options, pods) ?? []);
  const known = services.every((service) => missingConnections(costs, mix, service).length === 0);
  return {
    cpuMsPerRequest: perRequest(demand) * 1_000,
    cores,
    waitMs: waitPercentileSeconds({ ...station, servers: cores }, 0.95) * 1_000,
    node: fitting(cores, prices.nodeTypes, assumptions),
    instances: 1 + assumptions.databaseReplicas.value,
    pools,
    maxConnections: known ? sumOf(pools.map(({ pooler }) => pooler)) + assumptions.databaseReservedConnections.value : undefined,
  };
}

function poolOf(service: Service, { costs, mix, load, assumptions }: StoresOptions, pods: readonly Pods[]): Pool | undefined {
  const demand = connectionDemand(costs, mix, service);
  const count = pods.find((of) => of.service === service)?.atPeak;
  if (demand === undefined || demand.share === 0 || count === undefined) return undefined;
  const limits = { utilisation: 1 - load.headroom, waitSeconds: assumptions.connectionWaitP95Ms.value / 1_000, share: 0.95 };
  const all = loadOf(demand, load.peak);
  // A zone lost: the pods that are left have more to do.
  const left = (count * (assumptions.zones.value - 1)) / assumptions.zones.value;
  const perPod = Math.max(2, serversForSharedQueue({ ...all, rate: all.rate / left }, limits));
  return {
    service,
    busy: inside(all.rate, all.serviceSeconds),
    perPod,
    fromPods: perPod * count,
    pooler: serversForSharedQueue(all, limits),
  };
}

/** Redis works on one core. More than that is more than one Redis: one for the limits, one for the cache, one for the events. */
export function redisOf({ costs, mix, load, assumptions, prices }: StoresOptions): Redis {
  const demand = cpuDemand(costs, mix, 'redis');
  const { rate, serviceSeconds } = loadOf(demand, load.peak);
  const utilisation = inside(rate, serviceSeconds) / assumptions.vcpuPerMeasuredCore.value;
  const primaries = Math.max(1, Math.ceil(utilisation / (1 - load.headroom) - 1e-9));
  return {
    cpuMsPerRequest: perRequest(demand) * 1_000,
    utilisation,
    primaries,
    instances: primaries * (1 + assumptions.redisReplicas.value),
    node: fitting(1, prices.nodeTypes, assumptions),
  };
}

const fitting = (cores: number, types: readonly NodeType[], assumptions: Assumptions): NodeType | undefined =>
  types.toSorted((a, b) => a.vcpu - b.vcpu).find(({ vcpu }) => vcpu * (1 - assumptions.nodeReservedCpuShare.value) >= cores);
