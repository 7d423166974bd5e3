import type { WorkerEvents } from 'graphile-worker';

/** How the worker's questions for jobs go. Heard from the beginning of its life: the first one matters most. */
export class Fetches {
  private failingSince: number | undefined;

  constructor(events: WorkerEvents, onFailure: () => void) {
    const answered = () => {
      this.failingSince = undefined;
    };
    events.on('worker:getJob:empty', answered);
    events.on('job:start', answered);
    events.on('worker:getJob:error', () => {
      this.failingSince ??= performance.now();
      onFailure();
    });
  }

  /** Whether every one has failed since before this time, in milliseconds of `performance.now()`. */
  haveFailedSince(time: number): boolean {
    return this.failingSince !== undefined && this.failingSince <= time;
  }
}
