import { BulkheadIsFull } from './call-failure.ts';

/**
 * Bounds calls at once. It stands outside the breaker: a full bulkhead says that we ask too much, not that the upstream is ill.
 * A place is free again when the call has ended, and a call that runs out of time is aborted first.
 */
export class Bulkhead {
  private taken = 0;

  /** May change at any time; calls beyond a lower number end as they would have. */
  constructor(public maxConcurrent: number) {}

  get inUse(): number {
    return this.taken;
  }

  async run<T>(call: () => Promise<T>): Promise<T> {
    if (this.taken >= this.maxConcurrent) throw new BulkheadIsFull();

    this.taken += 1;
    try {
      return await call();
    } finally {
      this.taken -= 1;
    }
  }
}
