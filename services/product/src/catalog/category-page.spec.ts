import { describe, expect, it } from 'vitest';
import { categoryPage } from './category-page.ts';

const all = ['books', 'lamps', 'tea'].map((slug) => ({ slug, name: slug.toUpperCase(), productCount: 1 }));

describe('a page of categories', () => {
  it('leads to the next one until all were shown once', () => {
    const first = categoryPage(all, { limit: 2 });
    const second = categoryPage(all, { limit: 2, cursor: first.nextCursor ?? '' });

    expect([...first.items, ...second.items]).toEqual(all);
    expect(second.nextCursor).toBeNull();
  });

  it('is the only one when it holds them all', () => {
    expect(categoryPage(all, { limit: 3 })).toEqual({ items: all, nextCursor: null });
    expect(categoryPage([], { limit: 3 })).toEqual({ items: [], nextCursor: null });
  });

  it('begins after no category that is not there', () => {
    expect(() => categoryPage(all, { limit: 2, cursor: 'garbage' })).toThrow(
      expect.objectContaining({ code: 'invalid-request' }),
    );
  });
});
