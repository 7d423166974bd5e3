import type { FastifyRequest } from 'fastify';
import { isJsonType } from './json.parser.ts';
import { badFields, hostMissing, malformedUrl, unsupportedContentType } from './request.errors.ts';
import { unsafeText } from './unsafe-value.ts';

/** Whether a route matched only because a part of the path is empty: `/v1/orders/` is not the order with no id. */
export function hasEmptyPart(request: FastifyRequest): boolean {
  const params = request.params as Record<string, unknown>;
  for (const name in params) if (params[name] === '' && name !== '*') return true;
  return false;
}

/** HTTP/1.1 asks for a host (RFC 9112, 3.2); older clients need not send one. */
export function checkHost({ headers, raw }: FastifyRequest): void {
  if (headers.host === undefined && raw.httpVersion === '1.1') throw hostMissing();
}

/** Refuses addresses that are not text. The router has decoded the path by now; the query is decoded leniently, so it is checked here. */
export function checkAddress(request: FastifyRequest): void {
  const { url } = request;
  const start = url.indexOf('?');
  if (start !== -1) {
    if (!isDecodable(url, start)) throw malformedUrl();
    checkTexts(request.query as Record<string, unknown>);
  }
  checkTexts(request.params as Record<string, unknown>);
}

function isDecodable(url: string, start: number): boolean {
  if (!url.includes('%', start)) return true;
  try {
    decodeURIComponent(url.slice(start));
    return true;
  } catch {
    // A URIError is the answer to the question.
    return false;
  }
}

function checkTexts(values: Record<string, unknown>): void {
  for (const name in values) {
    const unsafe = unsafeText(name, 'query') ?? unsafeIn(values[name], name);
    if (unsafe !== undefined) throw badFields([{ field: unsafe.path, message: unsafe.message }]);
  }
}

const unsafeIn = (value: unknown, name: string) => {
  if (typeof value === 'string') return unsafeText(value, name);
  return Array.isArray(value)
    ? value.map((each) => unsafeText(String(each), name)).find((found) => found !== undefined)
    : undefined;
};

/** A body must say that it is JSON. A request without a body may say anything. */
export function checkContentType({ headers }: FastifyRequest): void {
  const hasBody = headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
  if (hasBody && !isJsonType(headers['content-type'])) throw unsupportedContentType();
}
