import { z } from 'zod';
import { mixSchema, processes, services } from './costs.ts';

/** Runs in which everything shared the cores of one machine. */
export const runsSchema = z.object({
  machine: z.string(),
  cores: z.number().positive(),
  /** CPU per request of what is no part of the platform and ran on the same cores: the generator, the provider's stand-in. */
  otherCpuMs: z.number().nonnegative(),
  runs: z
    .array(
      z.object({
        name: z.string(),
        replicas: z.partialRecord(z.enum(services), z.int().positive()),
        shares: mixSchema.shape.shares.optional(),
        /** The highest rate that was answered in time. */
        mostRps: z.number().positive().optional(),
        /** Of a request of the run, on average. */
        cpuMs: z.partialRecord(z.enum(processes), z.number().nonnegative()).optional(),
        points: z
          .array(
            z.object({
              rps: z.number().positive(),
              cores: z.number().positive().optional(),
              meanMs: z.number().positive().optional(),
            }),
          )
          .optional(),
      }),
    )
    .min(1),
});
export type Runs = z.infer<typeof runsSchema>;
