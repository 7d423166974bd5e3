import type { Service } from './costs.ts';
import { type Demand, loadOf, perRequest } from './demand.ts';
import type { Assumptions, NodeType } from './prices.ts';
import { oneOf, serversForOwnQueues, utilisationOf, waitPercentileSeconds } from './queue.ts';

export interface Load {
  /** Requests per second at the gateway, over the month. */
  readonly average: number;
  readonly peak: number;
  /** Share of what there is that stays free at the peak. */
  readonly headroom: number;
}

export interface Pods {
  readonly service: Service;
  readonly cpuMsPerRequest: number;
  /** Of the requests at the gateway, how many come here each second at the peak. */
  readonly arrivals: number;
  /** Enough while all zones are up. */
  readonly needed: number;
  /** Spread over the zones so that those left are enough. */
  readonly atPeak: number;
  readonly atAverage: number;
  readonly utilisation: number;
  readonly utilisationWithoutAZone: number;
  /** That 95 of 100 stay below, a zone lost: with a queue before each pod, and if they shared one. */
  readonly waitMs: { readonly own: number; readonly shared: number };
  /** Of each pod, when it is as busy as the headroom allows. */
  readonly requestsPerPod: number;
  /** Of each pod, to be asked for. */
  readonly cpu: number;
  readonly memoryMiB: number;
}

export interface PodsOptions {
  readonly service: Service;
  readonly demand: Demand;
  readonly memoryMiB: number;
  readonly load: Load;
  readonly assumptions: Assumptions;
}

/** Pods are servers with a queue of their own, because kept-alive connections deal the requests without looking at the pods. */
export function podsOf({ service, demand, memoryMiB, load, assumptions }: PodsOptions): Pods {
  const zones = assumptions.zones.value;
  const scaled = {
    ...demand,
    serviceSeconds: demand.serviceSeconds / assumptions.podCpu.value / assumptions.vcpuPerMeasuredCore.value,
  };
  const limits = { utilisation: 1 - load.headroom, waitSeconds: assumptions.waitP95Ms.value / 1_000, share: 0.95 };
  const at = (rate: number) => serversForOwnQueues(loadOf(scaled, rate), limits);
  const needed = at(load.peak);
  const atPeak = overZones(needed, zones);
  const left = (atPeak * (zones - 1)) / zones;
  const peak = loadOf(scaled, load.peak);
  const busy = scaled.serviceSeconds > 0 ? limits.utilisation / scaled.serviceSeconds : 0;
  return {
    service,
    cpuMsPerRequest: perRequest(demand) * 1_000,
    arrivals: peak.rate,
    needed,
    atPeak,
    atAverage: overZones(at(load.average), zones),
    utilisation: utilisationOf({ ...peak, servers: atPeak }),
    utilisationWithoutAZone: utilisationOf({ ...peak, servers: left }),
    waitMs: {
      own: waitPercentileSeconds(oneOf(peak, left), 0.95) * 1_000,
      shared: waitPercentileSeconds({ ...peak, servers: left }, 0.95) * 1_000,
    },
    requestsPerPod: busy,
    cpu: assumptions.podCpu.value,
    // What was seen resident is as much of the request as the headroom leaves: below the 80 % at which the autoscaler adds pods.
    memoryMiB: roundedUp(memoryMiB / Math.min(0.75, 1 - load.headroom), 16),
  };
}

/** The same number in each zone, so many that the others can do without any one. */
export const overZones = (needed: number, zones: number): number => zones * Math.ceil(needed / (zones - 1));

export const roundedUp = (value: number, step: number): number => Math.ceil(value / step - 1e-9) * step;

export interface Nodes {
  readonly type: NodeType;
  readonly perZone: number;
  readonly total: number;
}

/** Nodes of one type for pods spread evenly; a zone's pods must find room in their zone. */
export function nodesFor(pods: readonly { count: number; memoryMiB: number }[], type: NodeType, assumptions: Assumptions): Nodes {
  const zones = assumptions.zones.value;
  const cpu = type.vcpu * (1 - assumptions.nodeReservedCpuShare.value);
  const memory = (type.memoryGiB - assumptions.nodeReservedMemoryGiB.value) * 1_024;
  const inZone = pods.map(({ count, memoryMiB }) => ({ count: Math.ceil(count / zones), memoryMiB }));
  const podsPerNode = Math.floor(cpu / assumptions.podCpu.value);
  const byCpu = Math.ceil(inZone.reduce((sum, { count }) => sum + count, 0) / podsPerNode);
  const byMemory = Math.ceil(inZone.reduce((sum, { count, memoryMiB }) => sum + count * memoryMiB, 0) / memory);
  const perZone = Math.max(1, byCpu, byMemory);
  return { type, perZone, total: perZone * zones };
}
