import type { ScenarioResult } from './result.ts';

const HEAD = ['scenario', 'per CPU-s', 'CPU ms', 'per s', 'p50 ms', 'p99 ms', 'ratio', '(of rounds)', 'to', 'CPU ms by process'];
const TEXT_FROM = 7;

/** For people. `per s` and the percentiles are of a machine that the generator shares: cost is what compares. */
export function tableOf(results: readonly ScenarioResult[]): string {
  const rows = [HEAD, ...results.map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const pad = (cell: string, column: number) => {
    const width = widths[column] ?? 0;
    return column > 0 && column < TEXT_FROM ? cell.padStart(width) : cell.padEnd(width);
  };
  const table = rows.map((row) => row.map(pad).join('  ').trimEnd());
  return [...table, ...results.flatMap(statementsOf)].join('\n');
}

function rowOf(result: ScenarioResult): string[] {
  const { name, requestsPerCpuSecond, totalCpuMs, requestsPerSecond, p50Ms, p99Ms, ratio, cpuMs } = result;
  const processes = Object.entries(cpuMs).map(([process, ms]) => `${process} ${figure(ms)}`);
  return [
    name,
    figure(requestsPerCpuSecond),
    figure(totalCpuMs),
    figure(requestsPerSecond),
    figure(p50Ms),
    figure(p99Ms),
    ratio === undefined ? '' : figure(ratio.median),
    ratio === undefined ? '' : `(${figure(ratio.lowest)}–${figure(ratio.highest)})`,
    ratio?.of ?? '',
    processes.length > 1 ? processes.join(', ') : '',
  ];
}

function statementsOf({ name, statements }: ScenarioResult): string[] {
  if (statements === undefined) return [];
  const { perRequest, transactionControl, byDatabase } = statements;
  const parts = Object.entries(byDatabase).map(([database, count]) => `${database} ${count.toFixed(1)}`);
  const control = `and ${transactionControl.toFixed(1)} begin, commit and the like`;
  return [`${name}: ${perRequest.toFixed(1)} SQL statements each (${parts.join(', ')}), ${control}`];
}

/** Three digits that count. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
