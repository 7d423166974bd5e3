/** What a visitor can come for; each has a file in `journeys/`. */
export type JourneyName = 'browse' | 'search' | 'cart' | 'checkout' | 'account' | 'admin' | 'signIn' | 'rush';

/** The share of all requests that belongs to each journey. Shares sum to 1. */
export type Mix = Readonly<Partial<Record<JourneyName, number>>>;

/** A working day: 80 % browse (list, search, product), 12 % cart, 6 % checkout, 2 % account and staff. */
export const everyday: Mix = {
  browse: 0.6,
  search: 0.2,
  cart: 0.12,
  checkout: 0.06,
  account: 0.011,
  admin: 0.006,
  // Hashing a password costs as much as a hundred product pages; people sign in once and then buy for weeks.
  signIn: 0.003,
};

/** People who only look: what a link in a newspaper brings. */
export const readHeavy: Mix = { browse: 0.75, search: 0.25 };

/** One product on sale, few pieces, and those who look on. */
export const saleDay: Mix = { rush: 0.3, browse: 0.6, cart: 0.1 };

export const journeysOf = (mix: Mix): JourneyName[] => Object.keys(mix) as JourneyName[];
