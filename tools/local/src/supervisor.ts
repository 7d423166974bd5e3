import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from './errors.ts';
import { Journal } from './journal.ts';
import { trimLog } from './log-file.ts';
import type { ProcessSpec } from './process-spec.ts';
import { SupervisedProcess } from './supervised-process.ts';

export interface SupervisorOptions {
  /** Holds `logs/<name>.log` and `processes.json`. */
  readonly folder: string;
  readonly say: (line: string) => void;
  /** Wait before a restart: doubles from the first to the longest, and begins again after a calm minute. */
  readonly backoff?: { readonly firstMs: number; readonly longestMs: number; readonly calmMs: number };
  /** How long a process may take to stop before it is killed. */
  readonly stopPatienceMs?: number;
}

interface Watched {
  readonly spec: ProcessSpec;
  run?: SupervisedProcess;
  /** Settles when nothing more will be started under this name. */
  settled?: Promise<void>;
  /** There while the process is to stay down. */
  held?: PromiseWithResolvers<void>;
  restarts: number;
  failuresInRow: number;
  /** How it ended last. */
  end?: string;
}

const LOG_LIMIT_BYTES = 64 * 1024 * 1024;

/** Keeps processes alive: starts each again when it dies, and stops all of them in a given order. */
export class Supervisor {
  readonly journal: Journal;
  readonly #options: Required<SupervisorOptions>;
  readonly #watched = new Map<string, Watched>();
  readonly #stopping = new AbortController();
  readonly #trimmer: NodeJS.Timeout;
  #stopped: Promise<void> | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = { backoff: { firstMs: 500, longestMs: 10_000, calmMs: 60_000 }, stopPatienceMs: 20_000, ...options };
    mkdirSync(join(options.folder, 'logs'), { recursive: true });
    this.journal = new Journal(join(options.folder, 'processes.json'));
    this.#trimmer = setInterval(() => this.trimLogs(), 30_000).unref();
  }

  /** Starts the process and waits until it is ready; from then on it is kept alive. Throws, with the process ended, if it does not get ready. */
  async start(spec: ProcessSpec): Promise<void> {
    const watched: Watched = { spec, restarts: 0, failuresInRow: 0 };
    this.#watched.set(spec.name, watched);
    const first = this.startFirst(watched);
    watched.settled = first.catch(() => undefined); // told to the caller below; stop() only has to wait for it
    await first;
    watched.settled = this.keepAlive(watched);
  }

  /** Process numbers of what runs now. */
  pids(): Record<string, number> {
    const running = [...this.#watched].filter(([, { run }]) => run?.isRunning);
    return Object.fromEntries(running.map(([name, { run }]) => [name, run?.pid ?? 0]));
  }

  /** How often each process was started again. */
  restarts(): Record<string, number> {
    return Object.fromEntries([...this.#watched].map(([name, { restarts }]) => [name, restarts]));
  }

  /** How each process that ever ended did so last: `exit code 0`, `signal SIGKILL`. */
  ends(): Record<string, string> {
    return Object.fromEntries([...this.#watched].flatMap(([name, { end }]) => (end === undefined ? [] : [[name, end]])));
  }

  logFile(name: string): string {
    return join(this.#options.folder, 'logs', `${name}.log`);
  }

  /** Sends a signal to one process, as a fault would. Throws if it does not run. */
  kill(name: string, signal: NodeJS.Signals): void {
    if (!this.#watched.get(name)?.run?.signal(signal)) throw new Error(`${name} does not run.`);
  }

  /** What a process was started from, to start another like it. Throws if there is none of that name. */
  spec(name: string): ProcessSpec {
    return this.named(name).spec;
  }

  /** Ends one process and keeps it down until it is released or everything stops. */
  hold(name: string, signal: NodeJS.Signals = 'SIGKILL'): void {
    const watched = this.named(name);
    watched.held ??= Promise.withResolvers<void>();
    watched.run?.signal(signal);
  }

  /** Lets a held process be started again, at once. */
  release(name: string): void {
    const watched = this.named(name);
    watched.held?.resolve();
    watched.held = undefined;
  }

  /**
   * Stops what runs: the named ones first, in that order and each fully before the next; then the rest, last started first.
   * A start under way fails. A second call waits for the first.
   */
  stop(order: readonly string[] = []): Promise<void> {
    this.#stopped ??= this.stopAll(order);
    return this.#stopped;
  }

  private async stopAll(order: readonly string[]): Promise<void> {
    this.#stopping.abort();
    clearInterval(this.#trimmer);
    for (const { held } of this.#watched.values()) held?.resolve();
    const rest = [...this.#watched.keys()].filter((name) => !order.includes(name)).toReversed();
    for (const name of [...order, ...rest]) {
      const watched = this.#watched.get(name);
      await watched?.run?.stop(this.#options.stopPatienceMs);
      await watched?.settled;
      this.journal.remove(name);
    }
    this.journal.delete();
  }

  private async startFirst(watched: Watched): Promise<void> {
    try {
      await this.run(watched);
      await watched.run?.ready();
    } catch (error) {
      await watched.run?.stop(this.#options.stopPatienceMs);
      throw error;
    }
  }

  private named(name: string): Watched {
    const watched = this.#watched.get(name);
    if (watched === undefined) throw new Error(`${name} was never started.`);
    return watched;
  }

  private get isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  private async run(watched: Watched): Promise<void> {
    const { spec } = watched;
    const logFile = this.logFile(spec.name);
    await spec.beforeStart?.();
    if (this.isStopping) throw new Error(`${spec.name} is not started: everything is being stopped.`);
    trimLog(logFile, LOG_LIMIT_BYTES);
    watched.run = await SupervisedProcess.spawn(spec, logFile);
    this.journal.add(spec.name, watched.run.pid, spec.stopSignal ?? 'SIGTERM');
    if (this.isStopping) await watched.run.stop(this.#options.stopPatienceMs);
  }

  private async keepAlive(watched: Watched): Promise<void> {
    const { name } = watched.spec;
    let since = Date.now();
    let how = await watched.run?.ended;
    while (!this.isStopping) {
      watched.end = how;
      this.journal.remove(name);
      if (Date.now() - since > this.#options.backoff.calmMs) watched.failuresInRow = 0;
      if (watched.held === undefined) await this.pause(name, how, watched);
      await watched.held?.promise;
      if (this.isStopping) return;
      watched.restarts += 1;
      since = Date.now();
      how = await this.runAgain(watched);
    }
  }

  private async pause(name: string, how: string | undefined, watched: Watched): Promise<void> {
    const { firstMs, longestMs } = this.#options.backoff;
    const waitMs = Math.min(firstMs * 2 ** watched.failuresInRow, longestMs);
    watched.failuresInRow += 1;
    this.#options.say(`${name} ended (${how}); starting it again in ${waitMs / 1000} s`);
    await delay(waitMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined); // rejects only when stopping
  }

  /** A process that runs but is not ready is left alone: what it waits for may be down, and killing it would not help. */
  private async runAgain(watched: Watched): Promise<string> {
    const { name } = watched.spec;
    try {
      await this.run(watched);
      await watched.run?.ready(Number.POSITIVE_INFINITY);
      this.#options.say(`${name} is up again`);
    } catch (error) {
      if (!this.isStopping) this.#options.say(messageOf(error));
    }
    return (await watched.run?.ended) ?? 'not started';
  }

  private trimLogs(): void {
    for (const name of this.#watched.keys()) trimLog(this.logFile(name), LOG_LIMIT_BYTES);
  }
}
