import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Drive } from './drive.ts';

const run = promisify(execFile);
const CLIENTS = 4;

export async function hasPgbench(): Promise<boolean> {
  return run('pgbench', ['--version']).then(
    () => true,
    () => false,
  );
}

/** Makes the tables of pgbench, 100,000 rows, in that database. */
export async function preparePgbench(databaseUrl: string): Promise<void> {
  await run('pgbench', ['--initialize', '--quiet', '--scale=1', databaseUrl]);
}

/** pgbench's own `select`, prepared. Its processor time is the generator's and is not counted. */
export function pgbenchSelects(databaseUrl: string): Drive {
  return async (extent) => {
    const often = 'amount' in extent ? Math.max(1, Math.round(extent.amount / CLIENTS)) : undefined;
    const { stdout } = await run('pgbench', [
      ...['--select-only', '--no-vacuum', '--protocol=prepared', `--client=${CLIENTS}`],
      often === undefined && 'seconds' in extent ? `--time=${Math.ceil(extent.seconds)}` : `--transactions=${often}`,
      databaseUrl,
    ]);
    const average = figureIn(stdout, /latency average = ([\d.]+) ms/);
    return { done: figureIn(stdout, /transactions actually processed: (\d+)/), p50Ms: average, p99Ms: average };
  };
}

function figureIn(text: string, pattern: RegExp): number {
  const figure = Number(pattern.exec(text)?.[1]);
  if (Number.isNaN(figure)) throw new Error(`pgbench said something else than expected:\n${text}`);
  return figure;
}
