import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@emporium/telemetry';

export interface SweepOptions {
  name: string;
  /** Finds by itself what is due, and takes it so that nobody beside it does. */
  sweep: () => Promise<void>;
  /** From the end of one to the beginning of the next. Default 500. */
  everyMs?: number;
  logger: Logger;
}

/** A sweep under way. */
export interface Sweep {
  /** Waits for the one that runs. */
  stop(): Promise<void>;
}

/**
 * Looks every half second whether something is due. For what nearly never happens to many things: one cheap question for all of them costs
 * less than a job for each, added with it and taken back. Runs in every process; one that fails is tried again, and says so once.
 */
export function startSweep({ name, sweep, everyMs = 500, logger }: SweepOptions): Sweep {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async () => {
    let isFailing = false;
    while (!signal.aborted) {
      try {
        await sweep();
        isFailing = false;
      } catch (error) {
        if (!isFailing) logger.warn('a sweep failed and is tried again', { sweep: name, error });
        isFailing = true;
      }
      await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    }
  };
  const running = run();
  return {
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}
