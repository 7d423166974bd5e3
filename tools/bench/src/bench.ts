import { CpuMeter, residentMiB } from './cpu/cpu-meter.ts';
import { idleRate } from './cpu/idle-rate.ts';
import { type BenchPlatform, differences, openBenchPlatform } from './platform/bench-platform.ts';
import { commit, machine } from './report/machine.ts';
import type { BenchResult } from './report/result.ts';
import { summaryOf } from './report/summary.ts';
import { ROUNDS, runRounds } from './rounds.ts';
import type { OpenScenario, Scenario } from './scenarios/scenario.ts';
import { countStatements } from './statements/count-statements.ts';

export interface BenchOptions {
  readonly scenarios: readonly Scenario[];
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Measures the scenarios on a platform of its own. */
export async function runBench({ scenarios, seconds, warmUpSeconds, say, signal }: BenchOptions): Promise<BenchResult> {
  const bench = await openBenchPlatform({ signal, say });
  try {
    say(`other than npm start: ${differences}`);
    const open = await openScenarios(scenarios, bench);
    const meter = new CpuMeter(() => bench.platform.pids());
    const idle = await idleRate(meter, say);
    const samples = await runRounds(open, {
      ...{ meter, idle, managementUrls: bench.managementUrls },
      ...{ seconds, warmUpSeconds, say, signal },
    });
    const memoryMiB = residentMiB(bench.platform.pids());
    const statements = await countStatements(bench.platform, open);
    const about = { at: new Date().toISOString(), commit: commit() };
    const results = summaryOf(open, samples).map((result) => ({ ...about, ...result, statements: statements.get(result.name) }));
    return { ...about, machine: machine(), seconds, rounds: ROUNDS, idle, memoryMiB, scenarios: results };
  } finally {
    await bench.close();
  }
}

export async function openScenarios(scenarios: readonly Scenario[], bench: BenchPlatform): Promise<OpenScenario[]> {
  const open: OpenScenario[] = [];
  for (const scenario of scenarios) open.push({ ...scenario, drive: await scenario.open(bench) });
  return open;
}
