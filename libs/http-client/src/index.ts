export type { BreakerState } from './breaker.ts';
export { HttpClient } from './http-client.ts';
export type { BreakerOptions, CallOptions, HttpClientOptions, RawRequest, RawResponse } from './options.ts';
