import type { RawResponse } from '@emporium/http-client';

type Headers = RawResponse['headers'];

/** What the headers of an answer allow a cache that many clients share. Milliseconds, of the answer's whole age. */
export interface Allowed {
  readonly ageMs: number;
  readonly freshMs: number;
  /** How old it may be when the service fails; the same as `freshMs` when it may not be shown then. */
  readonly usableMs: number;
}

/** Whoever changes something past this gateway is seen within this and the second that the service itself may keep a list. */
const longestFreshMs = 1_000;

/**
 * Undefined: not to be kept. CDN-Cache-Control (RFC 9213) counts before Cache-Control; without `public` nothing is kept. As RFC 9111, 4.2.4
 * says, what must be revalidated is not shown stale, whatever stale-if-error (RFC 5861) allows.
 */
export function allowedFor({ status, headers }: Pick<RawResponse, 'status' | 'headers'>): Allowed | undefined {
  if (status !== 200 || !varies(headers)) return undefined;
  const directives = directivesOf(textOf(headers['cdn-cache-control']) ?? textOf(headers['cache-control']) ?? '');
  const maxAge = seconds(directives.get('s-maxage') ?? directives.get('max-age'));
  if (!directives.has('public') || directives.has('no-store') || maxAge === undefined) return undefined;

  const mustAsk = ['no-cache', 'must-revalidate', 'proxy-revalidate', 's-maxage'].some((name) => directives.has(name));
  const freshMs = directives.has('no-cache') ? 0 : Math.min(maxAge * 1_000, longestFreshMs);
  const staleMs = mustAsk ? 0 : (seconds(directives.get('stale-if-error')) ?? 0) * 1_000;
  return { ageMs: (seconds(textOf(headers.age)) ?? 0) * 1_000, freshMs, usableMs: freshMs + staleMs };
}

/** Whether the client's If-None-Match names the tag; weak comparison (RFC 9110, 13.1.2). */
export function names(ifNoneMatch: string | undefined, tag: string | undefined): boolean {
  if (ifNoneMatch === undefined || tag === undefined) return false;
  const opaque = (text: string) => text.trim().replace(/^W\//, '');
  return ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some((candidate) => opaque(candidate) === opaque(tag));
}

/** Accept is part of the key; whatever else an answer depends on makes it one for a single client. */
function varies({ vary }: Headers): boolean {
  if (vary === undefined) return true;
  return (textOf(vary) ?? '').split(',').every((name) => ['', 'accept', 'accept-encoding'].includes(name.trim().toLowerCase()));
}

/** The catalogue says the same with every answer. */
const known = new Map<string, ReadonlyMap<string, string>>();
const mostKnown = 100;

function directivesOf(text: string): ReadonlyMap<string, string> {
  let directives = known.get(text);
  if (directives === undefined) {
    directives = parse(text);
    if (known.size < mostKnown) known.set(text, directives);
  }
  return directives;
}

function parse(text: string): Map<string, string> {
  return new Map(
    text.split(',').map((part) => {
      const [name = '', value = ''] = part.split('=', 2);
      return [name.trim().toLowerCase(), value.trim().replaceAll('"', '')];
    }),
  );
}

const seconds = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;

const textOf = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value.join(', ') : value);
