import { monitorEventLoopDelay } from 'node:perf_hooks';

/**
 * How late the suite itself was. It drives the load, stands between the services and shares their cores: durations that it measures are
 * no better than this.
 */
export class OwnDelay {
  readonly #histogram = monitorEventLoopDelay({ resolution: 10 });

  constructor() {
    this.#histogram.enable();
  }

  /** The 99th percentile so far, in milliseconds; ends the measurement. */
  stop(): number {
    this.#histogram.disable();
    return this.#histogram.percentile(99) / 1e6;
  }
}
