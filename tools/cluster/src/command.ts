import { spawn } from 'node:child_process';

export interface CommandOptions {
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, whatever that is. One that is out of time is killed, and its code is 124. */
export function attempt(command: string, args: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  const { input = '', env = process.env, timeoutMs = 600_000, signal } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, signal, stdio: 'pipe' });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    // A program may end without having read what we say.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString();
      resolve({ code: late ? 124 : (code ?? 1), stdout: text(out), stderr: text(err) });
    });
  });
}

/** Runs a program that has to succeed, and gives what it printed. */
export async function run(command: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await attempt(command, args, options);
  if (code === 0) return stdout;
  throw new Error(`${[command, ...args].join(' ').slice(0, 200)} ended with ${code}: ${(stderr || stdout).trim().slice(-1_500)}`);
}
