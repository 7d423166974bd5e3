import { z } from 'zod';
import { type Costs, type Process, processes, type Service, services, sumOf } from './costs.ts';
import { type Runs, runsSchema } from './runs.ts';

const amount = z.number().nonnegative();

/** As much of the result of `npm run load` as is needed here. */
export const loadSchema = z.object({
  profile: z.string(),
  startedAt: z.string(),
  machine: z.object({ processor: z.string(), cores: z.number().positive(), commit: z.string() }),
  options: z.object({ seconds: z.number().positive(), replicas: z.int().positive().optional() }),
  total: z.object({ requests: z.number().positive(), requestsPerSecond: z.number().positive() }),
  purchases: amount,
  limit: z.object({ requestsPerSecond: z.number().positive() }).optional(),
  servers: z.array(z.object({ name: z.string(), cpuSeconds: amount, memoryPeakBytes: amount })).min(1),
});

/** Runs as they are, or a run of `npm run load` as it reports it. */
export const runsOrLoadSchema = z.unknown().transform((content, context): Runs => {
  const isLoad = typeof content === 'object' && content !== null && 'profile' in content;
  const result = isLoad ? loadSchema.transform(runsOf).safeParse(content) : runsSchema.safeParse(content);
  if (result.success) return result.data;
  for (const { path, message } of result.error.issues) context.addIssue({ code: 'custom', path, message });
  return z.NEVER;
});

type Load = z.infer<typeof loadSchema>;

/** All that a run asked for, as one route: its requests were not measured apart. */
export const EVERYTHING = 'everything';

export function costsOfLoad({ machine, startedAt, options, total, purchases, servers }: Load): Costs {
  const replicasOf = (process: Process) => (isService(process) ? (options.replicas ?? 1) : 1);
  const memoryOf = (process: Process) =>
    (servers.find(({ name }) => name === process)?.memoryPeakBytes ?? 0) / replicasOf(process) / 2 ** 20;
  return {
    machine: `${machine.processor}, ${machine.cores} cores`,
    commit: machine.commit,
    measuredAt: startedAt,
    routes: { [EVERYTHING]: { cpuMs: perProcess((process) => perRequestMs(total, servers, (name) => name === process)) } },
    memoryMiB: perProcess(memoryOf),
    ordersPerRequest: purchases / total.requests,
  };
}

const isService = (name: string): name is Service => services.some((service) => service === name);

const perProcess = (figure: (process: Process) => number): Partial<Record<Process, number>> =>
  Object.fromEntries(processes.map((process) => [process, figure(process)]));

const perRequestMs = (total: Load['total'], servers: Load['servers'], names: (name: string) => boolean): number =>
  (sumOf(servers.filter(({ name }) => names(name)).map(({ cpuSeconds }) => cpuSeconds)) / total.requests) * 1_000;

function runsOf({ profile, machine, options, total, limit, servers }: Load): Runs {
  const isOurs = (name: string) => processes.some((process) => process === name);
  const running = services.filter((service) => servers.some(({ name }) => name === service));
  return {
    machine: machine.processor,
    cores: machine.cores,
    otherCpuMs: perRequestMs(total, servers, (name) => !isOurs(name)),
    runs: [
      {
        name: profile,
        replicas: Object.fromEntries(running.map((service): [Service, number] => [service, options.replicas ?? 1])),
        mostRps: limit?.requestsPerSecond,
        cpuMs: perProcess((process) => perRequestMs(total, servers, (name) => name === process)),
        points: [{ rps: total.requestsPerSecond, cores: sumOf(servers.map(({ cpuSeconds }) => cpuSeconds)) / options.seconds }],
      },
    ],
  };
}
