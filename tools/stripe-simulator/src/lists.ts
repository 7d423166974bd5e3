import { createdWithin, optionalText, type Parameters, pageLimit } from './parameters.ts';
import { invalidParameter } from './stripe-error.ts';

interface Listed {
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
}

/** One page, newest first, as Stripe's list calls answer: `limit`, `starting_after`, `created[gte]` and its kin. */
export function listPage<T extends Listed>(url: string, newestLast: Iterable<T>, parameters: Parameters) {
  const wanted = createdWithin(parameters);
  const items = [...newestLast].filter((item) => wanted(item.created)).reverse();
  const limit = pageLimit(parameters);
  const after = optionalText(parameters, 'starting_after');
  const start = after === undefined ? 0 : items.findIndex((item) => item.id === after) + 1;
  if (after !== undefined && start === 0)
    throw invalidParameter('starting_after', `No such object: '${after}'`, 'resource_missing');
  return { object: 'list', url, has_more: items.length > start + limit, data: items.slice(start, start + limit) };
}

/** A search answer for the one query form the simulator knows: `metadata['name']:'value'`, joined by `AND`. */
export function searchPage<T extends Listed & { metadata: Record<string, string> }>(
  url: string,
  newestLast: Iterable<T>,
  parameters: Parameters,
) {
  const query = optionalText(parameters, 'query') ?? '';
  const terms = query.split(/\s+AND\s+/).map((term) => /^metadata\[['"](.+?)['"]\]:\s*['"](.*)['"]$/.exec(term));
  if (terms.some((term) => term === null)) throw invalidParameter('query', `We were unable to parse your search query: ${query}`);
  const wanted = terms.map((term) => [term?.[1] ?? '', term?.[2] ?? ''] as const);
  const found = [...newestLast].reverse().filter((item) => wanted.every(([name, value]) => item.metadata[name] === value));
  const limit = pageLimit(parameters);
  return { object: 'search_result', url, has_more: found.length > limit, next_page: null, data: found.slice(0, limit) };
}
