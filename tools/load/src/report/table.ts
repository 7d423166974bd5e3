import { isServer, type ServerUse } from '../measure/servers.ts';
import type { Row, Threshold } from '../measure/summary.ts';
import { cpuSeconds, mebibytes, milliseconds, percent, perSecond, spelled } from './in-words.ts';
import type { Result } from './result.ts';

/** The end of a run, for people. */
export function tableOf(result: Result): string {
  const { journeys, acts, total, thresholds } = result;
  const broken = thresholds.filter(({ held }) => !held);
  return [
    '',
    ...aligned([ROW_HEAD, ...[...journeys, ...acts, total].map(cellsOf)]),
    '',
    ...(result.servers.length === 0
      ? ['The processes of another platform, or of another system than Linux: their use is not known.']
      : aligned([SERVER_HEAD, ...serverCells(result)])),
    '',
    ...remarks(result),
    ...broken.map(brokenInWords),
    verdict(result, broken.length),
  ].join('\n');
}

const ROW_HEAD = ['journey', 'requests', 'per second', 'p50', 'p95', 'p99', 'max', 'errors'];

function cellsOf(row: Row): string[] {
  const { name, requests, requestsPerSecond, p50Ms, p95Ms, p99Ms, maxMs, errorShare } = row;
  const times = [p50Ms, p95Ms, p99Ms, maxMs].map(milliseconds);
  return [spelled(name), String(requests), perSecond(requestsPerSecond), ...times, percent(errorShare)];
}

const QUIET_SHARE = 0.05;
const SERVER_HEAD = ['process', 'CPU', 'cores', 'CPU per request', 'memory at first', 'peak', 'at last'];

function serverCells({ servers, options, total }: Result): string[][] {
  const line = (name: string, used: number, memory: readonly number[]) => [
    name,
    cpuSeconds(used),
    (used / options.seconds).toFixed(2),
    milliseconds((1_000 * used) / Math.max(1, total.requests)),
    ...memory.map(mebibytes),
  ];
  const each = (uses: readonly ServerUse[]) =>
    uses.map(({ name, cpuSeconds: used, memoryFirstBytes, memoryPeakBytes, memoryLastBytes }) =>
      line(name, used, [memoryFirstBytes, memoryPeakBytes, memoryLastBytes]),
    );
  const serving = servers.filter(({ name }) => isServer(name));
  const sum = (of: (use: ServerUse) => number) => serving.reduce((all, use) => all + of(use), 0);
  const memory = [sum((use) => use.memoryFirstBytes), sum((use) => use.memoryPeakBytes), sum((use) => use.memoryLastBytes)];
  return [
    ...each(serving),
    line(
      'all of them',
      sum((use) => use.cpuSeconds),
      memory,
    ),
    ...each(servers.filter(({ name }) => !isServer(name))),
  ];
}

function remarks(result: Result): string[] {
  const { purchases, dropped, unclean, books, restarts, limit, options } = result;
  const { differences, ordersLeftPending } = books;
  const died = Object.entries(restarts).filter(([, times]) => times > 0);
  return [
    `${purchases} purchases confirmed at once (${perSecond(purchases / (options.riseSeconds + options.seconds))} a second).`,
    `${dropped} visits that k6 could not begin; ${unclean} answers that never may be (none, 500, 502).`,
    differences === undefined
      ? 'The books were not compared.'
      : `Books: ${differences} differences, ${ordersLeftPending ?? 'unknown'} orders left pending.`,
    ...growth(result),
    ...disturbance(result),
    ...(limit === undefined ? [] : [limitInWords(limit)]),
    ...died.map(([name, times]) => `${name} died and was started again, ${times} times.`),
  ];
}

function growth({ servers }: Result): string[] {
  const known = servers.flatMap(({ name, memoryGrowthBytesPerHour: bytes }) =>
    bytes === undefined || !isServer(name) ? [] : { name, bytes },
  );
  if (known.length === 0) return [];
  const all = known.reduce((sum, { bytes }) => sum + bytes, 0);
  const each = known.map(({ name, bytes }) => `${name} ${mebibytes(bytes)}`);
  return [`Memory of the servers grew by ${mebibytes(all)} an hour over the last two thirds: ${each.join(', ')}.`];
}

/** A figure is only as good as the machine was quiet. */
function disturbance({ othersCpuSeconds, options, machine }: Result): string[] {
  if (othersCpuSeconds === undefined) return [];
  const cores = othersCpuSeconds / options.seconds;
  const isMuch = cores > machine.cores * QUIET_SHARE;
  return [
    `Other programs used ${cores.toFixed(2)} of ${machine.cores} cores${isMuch ? ': these figures are worse than the platform' : ''}.`,
  ];
}

function limitInWords({ requestsPerSecond, brokenBy }: NonNullable<Result['limit']>): string {
  if (brokenBy === undefined) return `The limit was not reached: ${requestsPerSecond} requests/s were held.`;
  return `The limit: ${requestsPerSecond} requests/s were held, then came ${brokenBy}.`;
}

const brokenInWords = ({ metric, condition }: Threshold): string => `✗ ${metric}: not ${condition}`;

function verdict({ held, profile, limit }: Result, broken: number): string {
  if (!held) return `✗ ${profile} did not hold.`;
  return broken > 0 && limit !== undefined ? `✓ ${profile} found the limit, and the books agree.` : `✓ ${profile} held.`;
}

/** The first column to the left, numbers to the right. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
