import { z } from 'zod';
import { type Costs, type Mix, mixSchema, processes, services, sumOf } from './costs.ts';
import { cpuDemand, missingCpu, perRequest } from './demand.ts';
import { NotMeasured } from './plan.ts';
import { meanStaySeconds } from './queue.ts';
import { aligned } from './table.ts';

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

export interface Comparison {
  readonly run: string;
  readonly what: string;
  readonly predicted: number;
  readonly measured: number;
  /** Of the measured, in percent; above 0 the model promised too much. */
  readonly errorPercent: number;
  readonly because: string;
}

export function compare(costs: Costs, mix: Mix, { cores, otherCpuMs, runs }: Runs): Comparison[] {
  return runs.flatMap(({ name, replicas, shares = mix, mostRps, points = [] }) => {
    const missing = missingCpu(costs, shares);
    if (missing.length > 0) throw new NotMeasured(missing);
    const most = mostPossible(costs, shares, { cores, otherCpuMs, replicas });
    const all = totalSeconds(costs, shares, otherCpuMs);
    const stay = (rate: number) => meanStaySeconds({ rate, serviceSeconds: all, variation: 1, servers: cores }) * 1_000;
    return [
      ...(mostRps === undefined ? [] : [comparison(name, 'most requests/s', most.rps, mostRps, most.because)]),
      ...points.flatMap((point) => [
        ...(point.cores === undefined
          ? []
          : [comparison(name, `cores at ${point.rps}/s`, Math.min(cores, point.rps * all), point.cores, 'CPU per request')]),
        ...(point.meanMs === undefined
          ? []
          : [comparison(name, `mean ms at ${point.rps}/s`, stay(point.rps), point.meanMs, `M/M/${cores}, CPU alone`)]),
      ]),
    ];
  });
}

/** The rate at which the first thing has no time left: a service's event loops, Redis's one core, or the machine. */
function mostPossible(
  costs: Costs,
  shares: Mix,
  { cores, otherCpuMs, replicas }: Pick<Runs, 'cores' | 'otherCpuMs'> & Pick<Runs['runs'][number], 'replicas'>,
): { rps: number; because: string } {
  const limits = [
    { rps: cores / totalSeconds(costs, shares, otherCpuMs), because: `the machine's ${cores} cores` },
    ...services.map((service) => {
      const count = replicas[service] ?? 1;
      return { rps: count / perRequest(cpuDemand(costs, shares, service)), because: `${count} × ${service}` };
    }),
    { rps: 1 / perRequest(cpuDemand(costs, shares, 'redis')), because: 'Redis' },
  ];
  return limits.reduce((least, limit) => (limit.rps < least.rps ? limit : least));
}

const totalSeconds = (costs: Costs, shares: Mix, otherCpuMs: number): number =>
  sumOf(processes.map((process) => perRequest(cpuDemand(costs, shares, process)))) + otherCpuMs / 1_000;

const comparison = (run: string, what: string, predicted: number, measured: number, because: string): Comparison => ({
  run,
  what,
  predicted,
  measured,
  errorPercent: (predicted / measured - 1) * 100,
  because,
});

export const comparisonTable = (comparisons: readonly Comparison[]): string =>
  aligned([
    ['run', 'what', 'predicted', 'measured', 'error', 'by'],
    ...comparisons.map(({ run, what, predicted, measured, errorPercent, because }) => [
      run,
      what,
      figure(predicted),
      figure(measured),
      `${errorPercent > 0 ? '+' : ''}${errorPercent.toFixed(1)} %`,
      because,
    ]),
  ]).join('\n');

const figure = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(2));
