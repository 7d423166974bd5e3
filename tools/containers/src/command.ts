import { spawn } from 'node:child_process';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Given to the program on its standard input. */
  readonly input?: string;
}

/** Runs a program to its end, whatever the end is. A program that is not there ends with 127, as in a shell. */
export function attempt(command: string, args: readonly string[], options: CommandOptions = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(command, [...args], { env: { ...process.env, ...options.env }, stdio: ['pipe', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk));
    child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk));
    child.once('error', () => resolve({ code: 127, ...output }));
    child.once('close', (code) => resolve({ code: code ?? 1, ...output }));
    child.stdin.on('error', () => undefined); // a program that ended early says why by its exit code
    child.stdin.end(options.input);
  });
}

/** As `attempt`, and throws with the last of what it said unless it ended with 0. */
export async function run(command: string, args: readonly string[], options?: CommandOptions): Promise<string> {
  const { code, stdout, stderr } = await attempt(command, args, options);
  if (code === 0) return stdout;
  const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-15).join('\n');
  throw new Error(`${command} ${args.slice(0, 4).join(' ')} … ended with ${code}:\n${said}`);
}
