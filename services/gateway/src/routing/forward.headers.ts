import type { IncomingHttpHeaders } from 'node:http';

/**
 * What a client may say to a service. Everything else stays at the edge: forged service tokens, addresses and deadlines above all, and
 * trace context, which instrumentation writes anew.
 */
const forwarded = [
  'accept',
  'accept-language',
  'authorization',
  'content-type',
  'idempotency-key',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'stripe-signature',
  'user-agent',
] as const;

/** What a service may say to a client. Lengths, connections and codings are the gateway's own business. */
const returned = [
  'age',
  'allow',
  'cache-control',
  'cache-status',
  'cdn-cache-control',
  'content-disposition',
  'content-type',
  'etag',
  'idempotency-replayed',
  'last-modified',
  'location',
  'retry-after',
  'vary',
  'www-authenticate',
] as const;

/** Headers of the call to a service. The service token, the request id and the time left are added by the client that sends it. */
export function requestHeaders(incoming: IncomingHttpHeaders, clientAddress: string): Record<string, string> {
  const headers: Record<string, string> = { 'x-client-address': clientAddress };
  for (const name of forwarded) {
    const value = incoming[name];
    if (typeof value === 'string') headers[name] = value;
  }
  return headers;
}

/** Headers of a call whose answer many clients get: it must not depend on who of them was the first. */
export function sharedRequestHeaders(
  { accept }: IncomingHttpHeaders,
  clientAddress: string,
  ifNoneMatch: string | undefined,
): Record<string, string> {
  const headers: Record<string, string> = { 'x-client-address': clientAddress };
  if (accept !== undefined) headers.accept = accept;
  if (ifNoneMatch !== undefined) headers['if-none-match'] = ifNoneMatch;
  return headers;
}

/** Headers of the answer to the client. What a service does not allow to be kept, nobody keeps. */
export function answerHeaders(answered: Record<string, string | string[] | undefined>): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = { 'cache-control': 'no-store' };
  for (const name of returned) {
    const value = answered[name];
    if (value !== undefined) headers[name] = value;
  }
  return headers;
}

/** Path and query of a request, as they came. A request line may also name the whole address (RFC 9112, 3.2.2). */
export function targetOf(url: string): string {
  return url.startsWith('/') ? url : url.slice(url.indexOf('/', url.indexOf('://') + 3));
}
