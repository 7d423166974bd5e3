/** How a list may be sorted. `relevance` is the sort of a search for which none was asked. */
export const sorts = ['newest', 'price', '-price', 'popular', 'relevance'] as const;
export type Sort = (typeof sorts)[number];

/**
 * How the text of a search is matched: by its words, or, when no product has them, by likeness to names, which forgives typing
 * errors. Later pages go on as the first one began.
 */
export const matches = ['words', 'likeness'] as const;
export type Match = (typeof matches)[number];

export interface Filters {
  readonly text?: string;
  readonly category?: string;
  /** Minor units, both included. */
  readonly minPrice?: number;
  readonly maxPrice?: number;
}

/** The last product of a page: what it was sorted by, and its id for products that are equal in that. */
export interface Position {
  readonly key: string;
  readonly id: string;
}

export interface Listing extends Filters {
  readonly sort: Sort;
  readonly match: Match;
  readonly limit: number;
  readonly after?: Position;
}

/** What a listing is sorted by when nobody says. */
export const defaultSort = (text: string | undefined): Sort => (text === undefined ? 'newest' : 'relevance');

/** Only letters and digits can be found. */
export const isSearchable = (text: string): boolean => /[\p{L}\p{N}]/u.test(text);
