import { invalidField } from '@emporium/errors';
import type { Category } from '../products/product.ts';

export interface CategoryPage {
  readonly items: readonly Category[];
  readonly nextCursor: string | null;
}

/** One page of all categories, which are in memory anyway. The cursor is the last slug of the page before; 400 when it is none of them. */
export function categoryPage(all: readonly Category[], { limit, cursor }: { limit: number; cursor?: string }): CategoryPage {
  const start = cursor === undefined ? 0 : 1 + all.findIndex(({ slug }) => toCursor(slug) === cursor);
  if (cursor !== undefined && start === 0) throw invalidField('cursor', 'must be a cursor of a previous answer');
  const items = all.slice(start, start + limit);
  const last = items.at(-1);
  return { items, nextCursor: last !== undefined && start + limit < all.length ? toCursor(last.slug) : null };
}

const toCursor = (slug: string): string => Buffer.from(slug).toString('base64url');
