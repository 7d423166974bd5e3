/** What may change while a client is in use. Times are milliseconds. */
export interface UpstreamSettings {
  /** The longest a call may take, retries included. */
  readonly timeoutMs: number;
  readonly breaker: BreakerSettings;
  readonly bulkhead: {
    /** Calls at once; one more fails at once. */
    readonly maxConcurrent: number;
  };
  readonly retry: {
    /** Extra tries of one call. */
    readonly attempts: number;
    /** Retries as a share of all calls. */
    readonly budgetRatio: number;
  };
}

/** When the circuit opens, and for how long. */
export interface BreakerSettings {
  /** The circuit opens when more calls than this fail. */
  readonly errorThresholdPercentage: number;
  /** How long an open circuit waits before it lets one call through. */
  readonly resetTimeoutMs: number;
  /** Calls in the window of ten seconds before the circuit may open. */
  readonly volumeThreshold: number;
  readonly enabled: boolean;
}

/** What a client does that is told nothing. */
export const defaultUpstreamSettings: UpstreamSettings = {
  timeoutMs: 3_000,
  breaker: { errorThresholdPercentage: 50, resetTimeoutMs: 30_000, volumeThreshold: 10, enabled: true },
  bulkhead: { maxConcurrent: 100 },
  retry: { attempts: 1, budgetRatio: 0.1 },
};

/** Some of the settings, the rest as by default. */
export interface UpstreamDefaults {
  timeoutMs?: number;
  breaker?: Partial<BreakerSettings>;
  bulkhead?: Partial<UpstreamSettings['bulkhead']>;
  retry?: Partial<UpstreamSettings['retry']>;
}

/** Fills up what is not said. */
export function upstreamSettings({ timeoutMs, breaker, bulkhead, retry }: UpstreamDefaults): UpstreamSettings {
  const defaults = defaultUpstreamSettings;
  return {
    timeoutMs: timeoutMs ?? defaults.timeoutMs,
    breaker: {
      errorThresholdPercentage: breaker?.errorThresholdPercentage ?? defaults.breaker.errorThresholdPercentage,
      resetTimeoutMs: breaker?.resetTimeoutMs ?? defaults.breaker.resetTimeoutMs,
      volumeThreshold: breaker?.volumeThreshold ?? defaults.breaker.volumeThreshold,
      enabled: breaker?.enabled ?? defaults.breaker.enabled,
    },
    bulkhead: { maxConcurrent: bulkhead?.maxConcurrent ?? defaults.bulkhead.maxConcurrent },
    retry: {
      attempts: retry?.attempts ?? defaults.retry.attempts,
      budgetRatio: retry?.budgetRatio ?? defaults.retry.budgetRatio,
    },
  };
}
