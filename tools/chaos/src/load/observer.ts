import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface ObserverData {
  readonly url: string;
  readonly tokens: readonly string[];
  readonly everyMs: number;
}

/** What one question came to; without a status there was no answer. */
export interface Asked {
  readonly status: number | undefined;
  /** Of the problem it was answered with. */
  readonly code: string | undefined;
  readonly ms: number;
}

/** From sources in tests, compiled otherwise. */
const program = fileURLToPath(new URL(`./observer.process${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url));

/**
 * Measures how long the door takes to refuse, from a process of its own: the suite that makes a crowd is itself late by more than what is to be
 * measured. It asks at a steady pace for a purchase of nothing, which is refused at the door when there is too much to do, and as wrong behind
 * it; so it adds nothing to the books.
 */
export class Observer {
  readonly asked: Asked[] = [];
  readonly #process: ChildProcess;

  constructor(data: ObserverData) {
    // Detached, because Linux shares the processor by sessions first: it has a share of its own, not one of the crowd's.
    this.#process = fork(program, { detached: true, execArgv: [] });
    this.#process.on('message', (asked: Asked) => this.asked.push(asked));
    this.#process.send(data);
  }

  async stop(): Promise<readonly Asked[]> {
    const { exitCode, signalCode } = this.#process;
    if (exitCode === null && signalCode === null) {
      this.#process.kill('SIGKILL');
      await once(this.#process, 'exit');
    }
    return this.asked;
  }
}
