import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { messageOf, StartError } from './errors.ts';
import { lastLines } from './log-file.ts';

/** A program that does its work and ends, such as a migration. */
export interface Task {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Runs the task to its end. Throws with the last lines of its log if it fails, and ends it when `signal` aborts. */
export async function runTask(task: Task, logFile: string, signal?: AbortSignal): Promise<void> {
  const log = openSync(logFile, 'a');
  const failure = await new Promise<string | undefined>((resolve) => {
    const child = spawn(task.command, [...task.args], { cwd: task.cwd, env: task.env, stdio: ['ignore', log, log], signal });
    child.once('error', (error) => resolve(messageOf(error)));
    child.once('exit', (code, by) => resolve(code === 0 ? undefined : by === null ? `exit code ${code}` : `signal ${by}`));
  });
  closeSync(log);
  signal?.throwIfAborted();
  if (failure === undefined) return;
  const lines = lastLines(logFile, 12).map((line) => `  ${line}`);
  throw new StartError([`${task.name} failed (${failure}). Its log is ${logFile}`, ...lines].join('\n'));
}
