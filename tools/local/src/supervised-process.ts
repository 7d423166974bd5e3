import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf, StartError } from './errors.ts';
import { lastLines } from './log-file.ts';
import { sendSignal } from './process-identity.ts';
import type { ProcessSpec } from './process-spec.ts';

const READY_TIMEOUT_MS = 60_000;
const READY_POLL_MS = 50;

/** One run of a process, from its start to its end. */
export class SupervisedProcess {
  readonly pid: number;
  /** Settles when the process is gone, with how it ended in words. */
  readonly ended: Promise<string>;
  #end: string | undefined;

  private constructor(
    private readonly spec: ProcessSpec,
    private readonly logFile: string,
    child: ChildProcess,
    pid: number,
  ) {
    this.pid = pid;
    this.ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.#end = signal === null ? `exit code ${code}` : `signal ${signal}`;
        resolve(this.#end);
      });
    });
  }

  /**
   * The log is the child's own file descriptor: nothing passes through the runner, and a child outlives a killed runner without
   * losing its standard output. Each child leads a process group, so that Ctrl-C reaches the runner alone and it can stop them in order.
   */
  static async spawn(spec: ProcessSpec, logFile: string): Promise<SupervisedProcess> {
    const log = openSync(logFile, 'a');
    try {
      const child = spawn(spec.command, [...spec.args], {
        cwd: spec.cwd,
        env: spec.env,
        detached: true,
        stdio: ['ignore', log, log],
        ...(spec.runAs && { uid: spec.runAs.uid, gid: spec.runAs.gid }),
      });
      const pid = await pidOf(child, spec);
      return new SupervisedProcess(spec, logFile, child, pid);
    } finally {
      closeSync(log);
    }
  }

  get isRunning(): boolean {
    return this.#end === undefined;
  }

  /** Waits until the process does its work. Throws if it ends before, or is not there in time. */
  async ready(timeoutMs = this.spec.readyTimeoutMs ?? READY_TIMEOUT_MS): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!(await this.spec.isReady(this.pid).catch(() => false))) {
      if (this.#end !== undefined) throw this.failure(`ended (${this.#end}) before it was ready`);
      if (Date.now() > deadline) throw this.failure('was not ready in time');
      await delay(READY_POLL_MS);
    }
    if (this.#end !== undefined) throw this.failure(`ended (${this.#end}) before it was ready`);
  }

  async stop(patienceMs: number): Promise<void> {
    if (!this.isRunning) return;
    this.signal(this.spec.stopSignal ?? 'SIGTERM');
    this.signal('SIGCONT'); // one that was halted hears nothing
    const timer = setTimeout(() => this.signal('SIGKILL'), patienceMs);
    await this.ended;
    clearTimeout(timer);
  }

  signal(signal: NodeJS.Signals): boolean {
    return this.isRunning && sendSignal(this.pid, signal);
  }

  private failure(what: string): StartError {
    const lines = lastLines(this.logFile, 8);
    return new StartError(
      [`${this.spec.name} ${what}. Its log is ${this.logFile}`, ...lines.map((line) => `  ${line}`)].join('\n'),
    );
  }
}

function pidOf(child: ChildProcess, spec: ProcessSpec): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) =>
      reject(new StartError(`${spec.name} cannot be started (${spec.command}): ${messageOf(error)}`)),
    );
    child.once('spawn', () => resolve(child.pid as number));
  });
}
