import { createHash } from 'node:crypto';
import type { Found } from '@emporium/redis';
import { type Answer, answer } from '@emporium/service-defaults';

/**
 * Browsers ask each time and mostly hear 304; the gateway's cache, and a CDN, may answer for a second by themselves, and for ten minutes
 * while nobody here answers. Said by CDN-Cache-Control (RFC 9213), because `s-maxage` forbids what is stale whatever `stale-if-error`
 * allows (RFC 9111, 4.2.4).
 */
export const freshCatalog = {
  'cache-control': 'public, max-age=0, stale-if-error=600',
  'cdn-cache-control': 'public, max-age=1, stale-if-error=600',
};

/** For an answer that is made as text. */
export const json = { 'content-type': 'application/json; charset=utf-8' };

/** What an answer says of a copy that stands in for a database that does not answer: how old it is (RFC 9111, RFC 9211). */
export function ageOf({ staleForMs }: Pick<Found<unknown>, 'staleForMs'>): Record<string, string> {
  if (staleForMs === undefined) return {};
  const seconds = String(Math.ceil(staleForMs / 1_000));
  return { age: seconds, 'cache-status': `product; hit; ttl=-${seconds}` };
}

/** 200 with the body, or 304 when the client's `If-None-Match` names the tag. */
export function conditional<Body>(
  ifNoneMatch: string | undefined,
  tag: string,
  body: () => Body,
  headers: Record<string, string>,
): Answer<Body | undefined> {
  const all = { etag: tag, ...headers };
  return matches(ifNoneMatch, tag) ? answer(304, undefined, all) : answer(200, body(), all);
}

/** A tag made from what is answered, for answers that have no version. */
export const tagOf = (content: string): string => `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;

/** Weak comparison, as RFC 9110 asks of If-None-Match: a proxy that compresses marks our tags weak. */
function matches(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return ifNoneMatch.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === tag);
}
