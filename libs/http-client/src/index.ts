export type { BreakerState } from './breaker.ts';
export { problemCodeOf } from './http-client.errors.ts';
export { HttpClient } from './http-client.ts';
export type { BreakerOptions, CallOptions, HttpClientOptions, RawRequest, RawResponse } from './options.ts';
export {
  type BreakerSettings,
  defaultUpstreamSettings,
  type UpstreamDefaults,
  type UpstreamSettings,
  upstreamSettings,
} from './upstream-settings.ts';
