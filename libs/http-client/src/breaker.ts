import type { Logger } from '@emporium/telemetry';
import CircuitBreaker from 'opossum';
import { CallFailure, CircuitIsOpen, FailedAnswer } from './call-failure.ts';
import { breakerStateGauge } from './http-client.metrics.ts';
import type { RawResponse } from './options.ts';
import type { BreakerSettings } from './upstream-settings.ts';

/** State of a circuit: `closed` calls, `open` refuses, `half-open` lets one call through to see. */
export type BreakerState = 'closed' | 'open' | 'half-open';

type Call = () => Promise<RawResponse>;

/**
 * A circuit per upstream and process. Counts as failure: no answer, a timeout, and answers for which `isFailure` says so (5xx by default).
 * Any other answer, 404 included, proves the upstream alive: it is a success and closes a half-open circuit.
 */
export class Breaker {
  private readonly circuit: CircuitBreaker<[Call], RawResponse>;
  /** opossum keeps this very object and reads both numbers when it needs them. */
  private readonly live: { errorThresholdPercentage: number; resetTimeout: number };
  private openedAt = 0;
  private restarting = false;

  constructor(
    name: string,
    private settings: BreakerSettings,
    logger: Logger,
    private readonly isFailure: (response: RawResponse) => boolean = (response) => response.status >= 500,
  ) {
    const options = {
      name,
      enabled: settings.enabled,
      // The call aborts itself when its time is up. A timeout here would free the place while the call still runs.
      timeout: false,
      resetTimeout: settings.resetTimeoutMs,
      errorThresholdPercentage: settings.errorThresholdPercentage,
      rollingCountTimeout: 10_000,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
      errorFilter: (error: unknown) => !this.countsAsFailure(error),
    } as const;
    this.live = options;
    this.circuit = new CircuitBreaker((call: Call) => this.judge(call), options);
    // opossum copies this one at its start, and asks for it by this name at every failure.
    Object.defineProperty(this.circuit, 'volumeThreshold', { get: () => this.settings.volumeThreshold });
    this.report(name, logger);
  }

  get state(): BreakerState {
    if (this.circuit.opened) return 'open';
    return this.circuit.halfOpen ? 'half-open' : 'closed';
  }

  /** Throws CircuitIsOpen without calling, or what the call throws. An answer is returned whatever its status. */
  async run(call: Call): Promise<RawResponse> {
    try {
      return await this.circuit.fire(call);
    } catch (error) {
      if (error instanceof FailedAnswer) return error.response;
      if (isOpenBreaker(error)) throw new CircuitIsOpen(Math.max(1, Math.ceil(this.remainsOpenMs() / 1_000)));
      throw error;
    }
  }

  /** Goes on with other settings; calls seen so far and an open circuit stay. Turned off it is closed, and begins anew when turned on. */
  follow(settings: BreakerSettings): void {
    if (this.circuit.isShutdown) return;
    const { resetTimeoutMs } = this.settings;
    this.settings = settings;
    this.live.errorThresholdPercentage = settings.errorThresholdPercentage;
    this.live.resetTimeout = settings.resetTimeoutMs;
    if (settings.enabled) {
      this.circuit.enable();
      if (settings.resetTimeoutMs !== resetTimeoutMs && this.circuit.opened) this.restartTimer();
    } else {
      this.circuit.disable();
      this.circuit.close();
    }
  }

  close(): void {
    this.circuit.shutdown();
  }

  /** opossum cannot move a timer that runs. Closed and opened again in one go it starts another; no call comes in between. */
  private restartTimer(): void {
    this.restarting = true;
    this.live.resetTimeout = Math.max(0, this.remainsOpenMs());
    this.circuit.close();
    this.circuit.open();
    this.live.resetTimeout = this.settings.resetTimeoutMs;
    this.restarting = false;
  }

  private remainsOpenMs(): number {
    return this.openedAt + this.settings.resetTimeoutMs - Date.now();
  }

  private async judge(call: Call): Promise<RawResponse> {
    const response = await call();
    if (this.isFailure(response)) throw new FailedAnswer(response);
    return response;
  }

  /** opossum takes an error that is let through for a success, so a half-open circuit trusts answers only, never a call that was given up. */
  private countsAsFailure(error: unknown): boolean {
    // A call that began before the breaker was turned off must not open it.
    if (!this.settings.enabled) return false;
    if (error instanceof CallFailure) return error.blamesUpstream || this.circuit.halfOpen;
    return true;
  }

  private report(name: string, logger: Logger): void {
    const gauge = breakerStateGauge(name);
    gauge.set(0);
    this.circuit.on('open', () => {
      if (this.restarting) return;
      const { resetTimeoutMs } = this.settings;
      this.openedAt = Date.now();
      gauge.set(2);
      logger.warn('circuit opened', { upstream: name, resetTimeoutMs });
    });
    this.circuit.on('halfOpen', () => {
      gauge.set(1);
      logger.info('circuit half-open', { upstream: name });
    });
    this.circuit.on('close', () => {
      if (this.restarting) return;
      gauge.set(0);
      logger.info('circuit closed', { upstream: name });
    });
  }
}

const isOpenBreaker = (error: unknown): boolean => (error as { code?: unknown }).code === 'EOPENBREAKER';
