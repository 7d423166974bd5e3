import { type Costs, type Mix, type Process, processes, type Service, services, sumOf } from './costs.ts';
import type { Station } from './queue.ts';

/** What a mixed request asks of one resource. */
export interface Demand {
  /** Share of all requests that reach it. */
  readonly share: number;
  /** Of those that reach it. */
  readonly serviceSeconds: number;
  readonly variation: number;
}

/** Seconds of it per request of the mix. */
export const perRequest = ({ share, serviceSeconds }: Demand): number => share * serviceSeconds;

export const loadOf = (demand: Demand, rate: number): Omit<Station, 'servers'> => ({
  rate: rate * demand.share,
  serviceSeconds: demand.serviceSeconds,
  variation: demand.variation,
});

/** The CPU that the mix asks of each process. Ask `missingCpu` first. */
export const cpuDemand = (costs: Costs, mix: Mix, process: Process): Demand =>
  demandOf(mix, (route) => costs.routes[route]?.cpuMs[process] ?? 0);

/** The time that the mix holds database connections of a service; undefined where it was not measured. */
export function connectionDemand(costs: Costs, mix: Mix, service: Service): Demand | undefined {
  if (missingConnections(costs, mix, service).length > 0) return undefined;
  return demandOf(mix, (route) => costs.routes[route]?.connectionMs?.[service] ?? 0);
}

/**
 * A route's requests count as exponential around their mean, which is more than what was seen of most; the routes of the mix together are
 * then a hyperexponential, and its variation is exact. All that one request does in a process counts as one job.
 */
function demandOf(mix: Mix, milliseconds: (route: string) => number): Demand {
  const jobs = Object.entries(mix)
    .map(([route, share]) => ({ share, seconds: milliseconds(route) / 1_000 }))
    .filter(({ seconds }) => seconds > 0);
  const share = sumOf(jobs.map((job) => job.share));
  if (share === 0) return { share: 0, serviceSeconds: 0, variation: 1 };
  const mean = sumOf(jobs.map((job) => job.share * job.seconds)) / share;
  const square = sumOf(jobs.map((job) => job.share * 2 * job.seconds ** 2)) / share;
  return { share, serviceSeconds: mean, variation: square / mean ** 2 - 1 };
}

/** Without these there is no plan at all. */
export function missingCpu(costs: Costs, mix: Mix): string[] {
  return Object.keys(mix).flatMap((route) => {
    const measured = costs.routes[route];
    if (measured === undefined) return [`any request of ${route}`];
    return processes
      .filter((process) => measured.cpuMs[process] === undefined)
      .map((process) => `the CPU of ${route} in ${process}`);
  });
}

export const missingMemory = (costs: Costs): string[] =>
  services.filter((service) => costs.memoryMiB[service] === undefined).map((service) => `the memory of ${service}`);

export const missingBytes = (costs: Costs, mix: Mix): string[] =>
  Object.keys(mix)
    .filter((route) => costs.routes[route]?.bytesOut === undefined)
    .map((route) => `the bytes of an answer of ${route}`);

/** A route that costs a service no CPU holds none of its connections; the gateway has none at all. */
export const missingConnections = (costs: Costs, mix: Mix, service: Service): string[] =>
  Object.keys(mix)
    .filter((route) => service !== 'gateway' && costs.routes[route]?.cpuMs[service] !== 0)
    .filter((route) => costs.routes[route]?.connectionMs?.[service] === undefined)
    .map((route) => `the time ${route} holds a connection of ${service}`);

export const bytesPerRequest = (costs: Costs, mix: Mix): number =>
  sumOf(Object.entries(mix).map(([route, share]) => share * (costs.routes[route]?.bytesOut ?? 0)));
