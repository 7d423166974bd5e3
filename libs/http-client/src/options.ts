import type { Logger } from '@emporium/telemetry';
import type { TransportOptions } from './transport.ts';
import type { BreakerSettings, UpstreamDefaults, UpstreamSettings } from './upstream-settings.ts';

/** When the circuit opens. Times are milliseconds. */
export interface BreakerOptions extends Partial<BreakerSettings> {
  /** Which answers speak against the upstream. Default: 5xx. */
  isFailure?: (response: RawResponse) => boolean;
}

/** What the client of one upstream is made with. Settings that are not given are those of `defaultUpstreamSettings`. */
export interface HttpClientOptions extends UpstreamDefaults, TransportOptions {
  /** Name of the upstream: label of metrics, first part of error codes (`product-unavailable`). */
  name: string;
  /** Origin, with or without a path that is put before every path. */
  baseUrl: string;
  /**
   * Settings that may change, in the place of those given here; `breaker.isFailure` stays. Asked for at every call, so it must be
   * cheap, and must give the same object until something has changed.
   */
  settings?: () => UpstreamSettings;
  /** Headers of every call, for example the service token. */
  headers?: () => Record<string, string> | Promise<Record<string, string>>;
  breaker?: BreakerOptions;
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
  /** Whether a `Retry-After` is waited for, when there is time, before another try. Default true; false where the client can do so itself. */
  patient?: boolean;
}

/** The whole answer; a status of 400 and above is an answer, not an error. */
export interface RawResponse {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}
