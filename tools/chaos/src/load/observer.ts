import { Worker } from 'node:worker_threads';

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
const thread = new URL(`./observer.thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/**
 * Measures how long the door takes to refuse, from a thread of its own: the suite that makes a crowd is itself late by more than what is to be
 * measured. It asks at a steady pace for a purchase of nothing, which is refused at the door when there is too much to do, and as wrong behind
 * it; so it adds nothing to the books.
 */
export class Observer {
  readonly asked: Asked[] = [];
  readonly #worker: Worker;

  constructor(data: ObserverData) {
    this.#worker = new Worker(thread, { workerData: data });
    this.#worker.on('message', (asked: Asked) => this.asked.push(asked));
  }

  async stop(): Promise<readonly Asked[]> {
    await this.#worker.terminate();
    return this.asked;
  }
}
