import { z } from 'zod';

export const services = ['gateway', 'user', 'product', 'order', 'payment'] as const;
export const processes = [...services, 'postgres', 'redis'] as const;
export type Service = (typeof services)[number];
export type Process = (typeof processes)[number];

const amount = z.number().nonnegative();

/** What was measured, and nothing else: a figure that is not here is not known. */
export const costsSchema = z.object({
  machine: z.string().min(1),
  commit: z.string().min(1),
  measuredAt: z.string().min(1),
  routes: z.record(
    z.string(),
    z.object({
      /** CPU time of one request in each process, work that follows its answer included. */
      cpuMs: z.partialRecord(z.enum(processes), amount),
      /** How long one request holds a database connection of each service. */
      connectionMs: z.partialRecord(z.enum(services), amount).optional(),
      /** The answer as it leaves the gateway, with its headers. */
      bytesOut: amount.optional(),
    }),
  ),
  /** Resident after load. */
  memoryMiB: z.partialRecord(z.enum(processes), amount),
  /** What one more order takes of the databases' disks, indexes included. */
  bytesPerOrder: amount.optional(),
  /** Of a run whose requests were measured together: how many of them were purchases. */
  ordersPerRequest: amount.optional(),
});
export type Costs = z.infer<typeof costsSchema>;

/** The result of `npm run dataset`. */
export const volumeSchema = costsSchema.pick({ bytesPerOrder: true });

export const mixSchema = z
  .object({ about: z.string().optional(), shares: z.record(z.string(), z.number().positive().max(1)) })
  .refine(({ shares }) => Math.abs(sumOf(Object.values(shares)) - 1) < 1e-6, { error: 'The shares do not sum to 1.' });
export type Mix = z.infer<typeof mixSchema>['shares'];

export const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);
