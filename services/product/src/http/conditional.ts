import { createHash } from 'node:crypto';
import { type Answer, answer } from '@emporium/service-defaults';

/** Browsers ask each time and mostly hear 304; a CDN may answer for two seconds by itself. */
export const freshCatalog = 'public, max-age=0, s-maxage=2, must-revalidate';

/** 200 with the body, or 304 when the client's `If-None-Match` names the tag. */
export function conditional<Body>(
  ifNoneMatch: string | undefined,
  tag: string,
  cacheControl: string,
  body: () => Body,
  headers: Record<string, string> = {},
): Answer<Body | undefined> {
  const all = { etag: tag, 'cache-control': cacheControl, ...headers };
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
