import type { FastifyInstance, FastifyRequest } from 'fastify';
import { badFields, malformedJson } from './request.errors.ts';
import { findUnsafe } from './unsafe-value.ts';

type Done = (error: Error | null, body?: unknown) => void;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The JSON family, with no parameter but the charset JSON has anyway. Written out, because tricks with tabs, leading spaces and malformed parameters have led parsers past validation. */
const jsonType = /^application\/(?:json|[a-z0-9][a-z0-9.-]*\+json)(?: ?; ?charset=(?:utf-8|"utf-8"))?$/i;

/** Whether a header value names JSON exactly. */
export const isJsonType = (contentType: string | undefined): boolean => contentType !== undefined && jsonType.test(contentType);

/** Reads bodies as JSON, refuses what would hurt further in, and keeps the bytes for signatures. An empty body is undefined: schemas decide. */
export function useJsonParser(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error') as (request: FastifyRequest, body: string, done: Done) => void;
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser<Buffer>('*', { parseAs: 'buffer' }, (request, bytes, done) => {
    request.rawBody = bytes;
    if (bytes.length === 0) return done(null, undefined);
    const text = decode(bytes);
    if (text === undefined) return done(malformedJson());
    parse(request, text, (error, body) => done(error === null ? checked(body) : malformedJson(), body));
  });
}

/** Leaves every body as the bytes it came in, for a proxy. */
export function useRawParser(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser<Buffer>('*', { parseAs: 'buffer' }, (request, bytes, done) => {
    request.rawBody = bytes;
    done(null, bytes);
  });
}

function decode(bytes: Buffer): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    // Only one thing can go wrong here: the bytes are not UTF-8. The caller answers that.
    return undefined;
  }
}

function checked(body: unknown): Error | null {
  const unsafe = findUnsafe(body);
  return unsafe === undefined ? null : badFields([{ field: unsafe.path || 'body', message: unsafe.message }]);
}
