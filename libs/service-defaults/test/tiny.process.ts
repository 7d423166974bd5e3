import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type TestKeys, testKeys } from '@emporium/testing';

type Line = { level: string; message: string; [field: string]: unknown };

/** The tiny service in a process of its own. */
export interface TinyProcess {
  url: string;
  lines: Line[];
  child: ChildProcess;
  serviceToken: string;
  /** Code with which it ended, once it has. */
  exitCode: Promise<number | null>;
  /** The first line with this message, now or later. */
  said(message: string): Promise<Line>;
}

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** Starts it, or the service of another main file here, and waits until it listens, unless its environment makes that impossible. */
export async function startTiny(
  environment: NodeJS.ProcessEnv = {},
  keys: TestKeys = testKeys(),
  main = './main.ts',
): Promise<TinyProcess> {
  const imports = ['--import', here('./run-typescript.mjs'), '--import', '@emporium/telemetry/register'];
  const args = ['--conditions=@emporium/source', ...imports, here(main)];
  const child = spawn(process.execPath, args, {
    cwd: here('.'),
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      NODE_ENV: 'test',
      HOST: '127.0.0.1',
      PORT: '0',
      MANAGEMENT_PORT: '0',
      SERVICE_TOKEN_KEY: keys.privateKeyOf('product'),
      SERVICE_TOKEN_PUBLIC_KEYS: keys.publicKeys,
      ...environment,
    },
  });
  const exitCode = once(child, 'exit').then(([code]) => code as number | null);

  const lines: Line[] = [];
  const waiting: { message: string; found: (line: Line) => void }[] = [];
  createInterface(child.stdout).on('line', (text) => {
    const line = JSON.parse(text) as Line;
    lines.push(line);
    for (const { message, found } of waiting) if (message === line.message) found(line);
  });
  const said = async (message: string): Promise<Line> => {
    const existing = lines.find((line) => line.message === message);
    return existing ?? new Promise((found) => waiting.push({ message, found }));
  };

  const started = await Promise.race([said('started'), exitCode]);
  const url = typeof started === 'object' && started !== null ? String(started.url) : '';
  return { url, lines, child, serviceToken: await keys.serviceToken('gateway', 'product'), exitCode, said };
}
