import type { IncomingHttpHeaders } from 'node:http';

/** What a client may say to a service. Everything else, forged service tokens and addresses above all, stays at the edge. */
const forwarded = [
  'accept',
  'accept-language',
  'authorization',
  'content-type',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'stripe-signature',
  'traceparent',
  'tracestate',
  'user-agent',
];

/** What a service may say to a client. Lengths, connections and codings are the gateway's own business. */
const returned = [
  'allow',
  'cache-control',
  'content-type',
  'etag',
  'idempotency-replayed',
  'last-modified',
  'location',
  'retry-after',
  'vary',
  'www-authenticate',
];

export function requestHeaders(incoming: IncomingHttpHeaders, clientAddress: string): Record<string, string> {
  const headers: Record<string, string> = { 'x-client-address': clientAddress };
  for (const name of forwarded) {
    const value = incoming[name];
    if (typeof value === 'string') headers[name] = value;
  }
  return headers;
}

export function answerHeaders(answered: Record<string, string | string[] | undefined>): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const name of returned) {
    const value = answered[name];
    if (value !== undefined) headers[name] = value;
  }
  return headers;
}
