import { z } from 'zod';
import { type Process, processes, type Service, services, sumOf } from './costs.ts';
import { type Runs, runsSchema } from './runs.ts';

const amount = z.number().nonnegative();

/** As much of the result of `npm run load` as is needed here. */
const loadSchema = z.object({
  profile: z.string(),
  machine: z.object({ processor: z.string(), cores: z.number().positive() }),
  options: z.object({ seconds: z.number().positive() }),
  total: z.object({ requests: z.number().positive(), requestsPerSecond: z.number().positive() }),
  limit: z.object({ requestsPerSecond: z.number().positive() }).optional(),
  servers: z.array(z.object({ name: z.string(), cpuSeconds: amount })).min(1),
});

/** Runs as they are, or a run of `npm run load` as it reports it. */
export const runsOrLoadSchema = z.unknown().transform((content, context): Runs => {
  const isLoad = typeof content === 'object' && content !== null && 'profile' in content;
  const result = isLoad ? loadSchema.transform(runsOf).safeParse(content) : runsSchema.safeParse(content);
  if (result.success) return result.data;
  for (const { path, message } of result.error.issues) context.addIssue({ code: 'custom', path, message });
  return z.NEVER;
});

function runsOf({ profile, machine, options, total, limit, servers }: z.infer<typeof loadSchema>): Runs {
  const perRequestMs = (names: (name: string) => boolean) =>
    (sumOf(servers.filter(({ name }) => names(name)).map(({ cpuSeconds }) => cpuSeconds)) / total.requests) * 1_000;
  const isOf = (process: Process) => (name: string) => name === process || name.startsWith(`${process}-`);
  const isOurs = (name: string) => processes.some((process) => isOf(process)(name));
  const replicas = services.map((service): [Service, number] => [
    service,
    servers.filter(({ name }) => isOf(service)(name)).length,
  ]);
  return {
    machine: machine.processor,
    cores: machine.cores,
    otherCpuMs: perRequestMs((name) => !isOurs(name)),
    runs: [
      {
        name: profile,
        replicas: Object.fromEntries(replicas.filter(([, count]) => count > 0)),
        mostRps: limit?.requestsPerSecond,
        cpuMs: Object.fromEntries(processes.map((process) => [process, perRequestMs(isOf(process))])),
        points: [{ rps: total.requestsPerSecond, cores: sumOf(servers.map(({ cpuSeconds }) => cpuSeconds)) / options.seconds }],
      },
    ],
  };
}
