/** How a list may be sorted. `relevance` is the sort of a search for which none was asked. */
export const sorts = ['newest', 'price', '-price', 'popular', 'relevance'] as const;
export type Sort = (typeof sorts)[number];

/**
 * How the text of a search is matched: by its words, or, when no product has them, by what it says with two neighbouring letters
 * swapped, or, when that is nothing either, by likeness to names. Later pages go on as the first one began.
 */
export const matches = ['words', 'swapped', 'likeness'] as const;
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

/** Longer than any word of a name; each letter more is one more search in one. */
const mostLetters = 60;

/**
 * A web search for each text that the given one is with two neighbouring letters swapped, the slip that likeness forgives least:
 * 'Oxofrd' shares three of its seven trigrams with 'Oxford'.
 */
export function swappedLetters(text: string): string {
  const letters = [...text.replace(/[^\p{L}\p{N}]+/gu, ' ')].slice(0, mostLetters);
  const swapped = letters.flatMap((letter, index) => {
    const next = letters[index + 1];
    if (next === undefined || next === letter || next === ' ' || letter === ' ') return [];
    return [
      letters
        .with(index, next)
        .with(index + 1, letter)
        .join(''),
    ];
  });
  return swapped.join(' or ');
}
