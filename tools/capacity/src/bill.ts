import { sumOf } from './costs.ts';
import type { Nodes } from './pods.ts';
import { type Assumptions, egressPrice, type NodeType, type Prices } from './prices.ts';
import type { Database, Redis } from './stores.ts';
import type { Traffic } from './traffic.ts';

export interface BillLine {
  readonly what: string;
  /** A month at the peak's size. */
  readonly atPeak: number;
  /** A month in which everything that can shrink follows the average. */
  readonly atAverage: number;
}

export interface Bill {
  readonly lines: readonly BillLine[];
  readonly atPeak: number;
  readonly atAverage: number;
  /** What is not in it, because it was not measured. */
  readonly without: readonly string[];
}

export interface BillOptions {
  readonly workers: { readonly atPeak: Nodes; readonly atAverage: Nodes };
  readonly database: Database;
  readonly redis: Redis;
  readonly traffic: Traffic;
  readonly prices: Prices;
  readonly assumptions: Assumptions;
}

export function billOf({ workers, database, redis, traffic, prices, assumptions }: BillOptions): Bill {
  const { vcpuHour, clusterHour, volumeGBMonth, loadBalancerHour, loadBalancerUnitHour, crossZoneGB } = prices.prices;
  const hours = assumptions.hoursPerMonth.value;
  const nodeMonth = ({ vcpu }: NodeType) => vcpu * vcpuHour.amount * hours;
  const fixed = (what: string, price: number): BillLine => ({ what, atPeak: price, atAverage: price });
  const lines: BillLine[] = [
    fixed('cluster', clusterHour.amount * hours),
    {
      what: `worker nodes, ${workers.atPeak.type.name}`,
      atPeak: workers.atPeak.total * nodeMonth(workers.atPeak.type),
      atAverage: workers.atAverage.total * nodeMonth(workers.atAverage.type),
    },
  ];
  const without: string[] = [];
  if (database.node === undefined) without.push('a database that large');
  else
    lines.push(fixed(`database, ${database.instances} × ${database.node.name}`, database.instances * nodeMonth(database.node)));
  if (redis.node !== undefined)
    lines.push(fixed(`Redis, ${redis.instances} × ${redis.node.name}`, redis.instances * nodeMonth(redis.node)));
  if (traffic.storedGB === undefined) without.push('database volumes');
  else
    lines.push(
      fixed('database volumes', (traffic.storedGB / assumptions.diskUse.value) * database.instances * volumeGBMonth.amount),
    );
  if (traffic.monthGB === undefined) without.push('traffic', 'load balancer');
  else {
    const units = traffic.monthGB / hours / assumptions.loadBalancerUnitGB.value;
    lines.push(
      fixed('load balancer', (loadBalancerHour.amount + units * loadBalancerUnitHour.amount) * hours),
      fixed('traffic to the internet', egressPrice(traffic.monthGB, prices.egress)),
      fixed('traffic between zones', traffic.monthGB * assumptions.crossZoneShare.value * crossZoneGB.amount),
    );
  }
  return {
    lines,
    atPeak: sumOf(lines.map(({ atPeak }) => atPeak)),
    atAverage: sumOf(lines.map(({ atAverage }) => atAverage)),
    without,
  };
}
