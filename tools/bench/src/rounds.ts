import { setTimeout as delay } from 'node:timers/promises';
import { type CpuMeter, type CpuSeconds, usedBetween } from './cpu/cpu-meter.ts';
import { databaseMsBetween, judgeEdge, readMetrics } from './platform/service-metrics.ts';
import type { Sample } from './report/result.ts';
import type { OpenScenario } from './scenarios/scenario.ts';

export const ROUNDS = 5;
const WARM_UP_REQUESTS = 3_000;
const MOST_WARM_UP_STEPS = 12;

export interface RoundsOptions {
  readonly meter: CpuMeter;
  /** What each process uses anyway in a second. */
  readonly idle: CpuSeconds;
  /** By process. */
  readonly managementUrls: Readonly<Record<string, string>>;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Loads all scenarios in turn, and again in the opposite order: what changes slowly on the machine meets both sides of each ratio. */
export async function runRounds(scenarios: readonly OpenScenario[], options: RoundsOptions): Promise<Map<string, Sample[]>> {
  const { seconds, warmUpSeconds, say, signal } = options;
  const amounts = new Map<string, number>();
  for (const scenario of scenarios) {
    signal.throwIfAborted();
    amounts.set(scenario.name, (await warmUp(scenario, warmUpSeconds)) * (seconds / ROUNDS));
  }
  say('warm');
  const samples = new Map<string, Sample[]>(scenarios.map(({ name }) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const scenario of round % 2 === 0 ? scenarios : scenarios.toReversed()) {
      signal.throwIfAborted();
      const amount = Math.ceil(amounts.get(scenario.name) ?? 1);
      samples.get(scenario.name)?.push(await sampleOf(scenario, amount, options));
    }
    say(`round ${round + 1} of ${ROUNDS}`);
  }
  return samples;
}

/** Until V8 has compiled what is asked often, however slow the machine is just now. Returns how many a second there were at last. */
async function warmUp(
  { drive, warmUpRequests = WARM_UP_REQUESTS, settleMs = 0 }: OpenScenario,
  seconds: number,
): Promise<number> {
  const step = seconds / 3;
  let [done, last] = [0, 0];
  for (let steps = 0; steps < 3 || (done < warmUpRequests && steps < MOST_WARM_UP_STEPS); steps += 1) {
    last = (await drive({ seconds: step })).done;
    done += last;
  }
  await delay(settleMs);
  return last / step;
}

/** A number of requests and not a time: what is cut off at the end of a time has cost something and counts as nothing. */
async function sampleOf(scenario: OpenScenario, amount: number, { meter, idle, managementUrls }: RoundsOptions): Promise<Sample> {
  const { name, processes, drive, edge, settleMs = 0 } = scenario;
  const urls = Object.fromEntries(Object.entries(managementUrls).filter(([process]) => processes.includes(process)));
  const metricsBefore = await readMetrics(urls);
  const before = meter.read();
  const began = performance.now();
  const driven = await drive({ amount });
  const tookMs = performance.now() - began;
  await delay(settleMs);
  const used = usedBetween(before, meter.read());
  const wallSeconds = (performance.now() - began) / 1_000;
  const metrics = await readMetrics(urls);
  if (edge !== undefined) judgeEdge(name, edge.answers, metricsBefore[edge.gateway] ?? '', metrics[edge.gateway] ?? '');
  const own = (process: string) => Math.max(0, (used[process] ?? Number.NaN) - (idle[process] ?? 0) * wallSeconds);
  const cpu = Object.fromEntries(processes.map((process) => [process, own(process)]));
  return { ...driven, tookMs, cpu, databaseMs: databaseMsBetween(metricsBefore, metrics) };
}
