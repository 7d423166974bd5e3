import type { Logger } from '@emporium/telemetry';

/** When the circuit opens. Times are milliseconds. */
export interface BreakerOptions {
  /** Default 50. */
  errorThresholdPercentage?: number;
  /** How long an open circuit waits before it lets one call through. Default 30000. */
  resetTimeoutMs?: number;
  /** Calls in the window of ten seconds before the circuit may open. Default 10. */
  volumeThreshold?: number;
  /** Default true. */
  enabled?: boolean;
  /** Which answers speak against the upstream. Default: 5xx. */
  isFailure?: (response: RawResponse) => boolean;
}

/** Settings of the client of one upstream. Times are milliseconds. */
export interface HttpClientOptions {
  /** Name of the upstream: label of metrics, first part of error codes (`product-unavailable`). */
  name: string;
  /** Origin, with or without a path that is put before every path. */
  baseUrl: string;
  /** The longest a call may take, retries included. Default 3000. */
  timeoutMs?: number;
  /** Kept-alive connections. Default 64. */
  connections?: number;
  /** Headers of every call, for example the service token. */
  headers?: () => Record<string, string> | Promise<Record<string, string>>;
  breaker?: BreakerOptions;
  /** Calls at once; one more fails at once. Default 100. */
  bulkhead?: { maxConcurrent?: number };
  /** `attempts`: extra tries of one call (default 1). `budgetRatio`: retries as a share of all calls (default 0.1). */
  retry?: { attempts?: number; budgetRatio?: number };
  logger: Logger;
}

/** Settings of one call. */
export interface CallOptions {
  timeoutMs?: number;
  /** May be sent twice. Default: true for GET, PUT and DELETE, false for POST and PATCH. */
  idempotent?: boolean;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** A call as the wire sees it. The body goes out as it is. */
export interface RawRequest {
  method: string;
  /** Path and query. */
  path: string;
  headers?: Record<string, string | string[]>;
  body?: Buffer | string;
  signal?: AbortSignal;
  timeoutMs?: number;
  /** Default false: a raw call is sent once. */
  idempotent?: boolean;
}

/** The whole answer; a status of 400 and above is an answer, not an error. */
export interface RawResponse {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}
