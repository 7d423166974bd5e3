import type { Logger } from '@emporium/telemetry';
import CircuitBreaker from 'opossum';
import { CallFailure, CircuitIsOpen, FailedAnswer } from './call-failure.ts';
import { breakerStateGauge } from './http-client.metrics.ts';
import type { BreakerOptions, RawResponse } from './options.ts';

/** State of a circuit: `closed` calls, `open` refuses, `half-open` lets one call through to see. */
export type BreakerState = 'closed' | 'open' | 'half-open';

type Call = () => Promise<RawResponse>;

/**
 * A circuit per upstream and process. Counts as failure: no answer, a timeout, and answers for which `isFailure` says so (5xx by default).
 * Any other answer, 404 included, proves the upstream alive: it is a success and closes a half-open circuit.
 */
export class Breaker {
  private readonly circuit: CircuitBreaker<[Call], RawResponse>;
  private readonly isFailure: (response: RawResponse) => boolean;
  private readonly resetTimeoutMs: number;
  private reopensAt = 0;

  constructor(name: string, options: BreakerOptions, logger: Logger) {
    this.isFailure = options.isFailure ?? ((response) => response.status >= 500);
    this.resetTimeoutMs = options.resetTimeoutMs ?? 30_000;
    this.circuit = new CircuitBreaker((call: Call) => this.judge(call), {
      name,
      enabled: options.enabled ?? true,
      // The call aborts itself when its time is up. A timeout here would free the place while the call still runs.
      timeout: false,
      resetTimeout: this.resetTimeoutMs,
      errorThresholdPercentage: options.errorThresholdPercentage ?? 50,
      volumeThreshold: options.volumeThreshold ?? 10,
      rollingCountTimeout: 10_000,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
      errorFilter: (error) => !this.countsAsFailure(error),
    });
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
      if (isOpenBreaker(error)) throw new CircuitIsOpen(Math.max(1, Math.ceil((this.reopensAt - Date.now()) / 1_000)));
      throw error;
    }
  }

  close(): void {
    this.circuit.shutdown();
  }

  private async judge(call: Call): Promise<RawResponse> {
    const response = await call();
    if (this.isFailure(response)) throw new FailedAnswer(response);
    return response;
  }

  /** opossum takes an error that is let through for a success, so a half-open circuit trusts answers only, never a call that was given up. */
  private countsAsFailure(error: unknown): boolean {
    if (error instanceof CallFailure) return error.blamesUpstream || this.circuit.halfOpen;
    return true;
  }

  private report(name: string, logger: Logger): void {
    const gauge = breakerStateGauge(name);
    gauge.set(0);
    this.circuit.on('open', () => {
      this.reopensAt = Date.now() + this.resetTimeoutMs;
      gauge.set(2);
      logger.warn('circuit opened', { upstream: name, resetTimeoutMs: this.resetTimeoutMs });
    });
    this.circuit.on('halfOpen', () => {
      gauge.set(1);
      logger.info('circuit half-open', { upstream: name });
    });
    this.circuit.on('close', () => {
      gauge.set(0);
      logger.info('circuit closed', { upstream: name });
    });
  }
}

const isOpenBreaker = (error: unknown): boolean => (error as { code?: unknown }).code === 'EOPENBREAKER';
