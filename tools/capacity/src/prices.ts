import { z } from 'zod';

const origin = { verified: z.boolean(), source: z.url(), date: z.iso.date(), note: z.string().optional() };
const price = z.object({ amount: z.number().nonnegative(), unit: z.string(), ...origin });

export const nodeTypeSchema = z.object({ name: z.string(), vcpu: z.number().positive(), memoryGiB: z.number().positive() });
export type NodeType = z.infer<typeof nodeTypeSchema>;

export const pricesSchema = z
  .object({
    currency: z.string(),
    region: z.string(),
    kind: z.string(),
    workerNode: z.string(),
    nodeTypes: z.array(nodeTypeSchema).min(1),
    prices: z.object({
      vcpuHour: price,
      clusterHour: price,
      volumeGBMonth: price,
      loadBalancerHour: price,
      loadBalancerUnitHour: price,
      crossZoneGB: price,
    }),
    egress: z.object({
      ...origin,
      tiers: z.array(z.object({ upToGB: z.number().positive().nullable(), perGB: z.number().nonnegative() })).min(1),
    }),
  })
  .refine(({ workerNode, nodeTypes }) => nodeTypes.some(({ name }) => name === workerNode), {
    error: 'The worker node is none of the node types.',
  });
export type Prices = z.infer<typeof pricesSchema>;

const assumption = z.object({ value: z.number().nonnegative(), why: z.string().min(1) });

export const assumptionsSchema = z.object({
  zones: assumption.refine(({ value }) => value >= 2, { error: 'One zone can not be lost and made up for.' }),
  waitP95Ms: assumption,
  connectionWaitP95Ms: assumption,
  vcpuPerMeasuredCore: assumption,
  podCpu: assumption,
  nodeReservedCpuShare: assumption,
  nodeReservedMemoryGiB: assumption,
  databaseReplicas: assumption,
  databaseReservedConnections: assumption,
  redisReplicas: assumption,
  poolerPods: assumption,
  keepOrdersMonths: assumption,
  diskUse: assumption,
  crossZoneShare: assumption,
  loadBalancerUnitGB: assumption,
  hoursPerMonth: assumption,
});
export type Assumptions = z.infer<typeof assumptionsSchema>;

/** Each gigabyte at the price of the tier it falls into. */
export function egressPrice(gigabytes: number, { tiers }: Prices['egress']): number {
  let price = 0;
  let below = 0;
  for (const { upToGB, perGB } of tiers) {
    const end = Math.min(gigabytes, upToGB ?? Number.POSITIVE_INFINITY);
    price += Math.max(0, end - below) * perGB;
    below = Math.max(below, end);
  }
  return price;
}
