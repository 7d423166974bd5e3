import { type Costs, type Mix, processes, services, sumOf } from './costs.ts';
import { cpuDemand, missingCpu, perRequest } from './demand.ts';
import { NotMeasured } from './plan.ts';
import { meanStaySeconds } from './queue.ts';
import type { Runs } from './runs.ts';
import { aligned } from './table.ts';

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
  return runs.flatMap(({ name, replicas, shares = mix, mostRps, cpuMs = {}, points = [] }) => {
    const missing = missingCpu(costs, shares);
    if (missing.length > 0) throw new NotMeasured(missing);
    const most = mostPossible(costs, shares, { cores, otherCpuMs, replicas });
    const all = totalSeconds(costs, shares, otherCpuMs);
    const stay = (rate: number) => meanStaySeconds({ rate, serviceSeconds: all, variation: 1, servers: cores }) * 1_000;
    return [
      ...(mostRps === undefined ? [] : [comparison(name, 'most requests/s', most.rps, mostRps, most.because)]),
      ...processes.flatMap((process) => {
        const measured = cpuMs[process];
        const predicted = perRequest(cpuDemand(costs, shares, process)) * 1_000;
        return measured === undefined || measured === 0
          ? []
          : [comparison(name, `CPU ms/request of ${process}`, predicted, measured, 'the mix')];
      }),
      ...points.flatMap((point) => [
        ...(point.cores === undefined
          ? []
          : [
              comparison(
                name,
                `cores at ${point.rps.toFixed(0)}/s`,
                Math.min(cores, point.rps * all),
                point.cores,
                'CPU per request',
              ),
            ]),
        ...(point.meanMs === undefined
          ? []
          : [comparison(name, `mean ms at ${point.rps.toFixed(0)}/s`, stay(point.rps), point.meanMs, `M/M/${cores}, CPU alone`)]),
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

const figure = (value: number): string => value.toFixed(value >= 100 ? 0 : value >= 1 ? 2 : 3);
