/** How much of everything. The rest follows: lines, history, payments, ledger, stock, reservations, addresses, sessions, carts. */
export interface Size {
  readonly products: number;
  readonly orders: number;
  readonly users: number;
  /** Another seed, other data; the same one, the same data. */
  readonly seed: number;
  /** The latest order was placed just before. Three days ago or earlier: then nothing of it is what reconciliation, or a key, still minds. */
  readonly until: Date;
}

/** Orders are spread evenly over so many days. */
export const DAYS_OF_ORDERS = 900;

/** Reservations of older orders are forgotten, as the product service forgets them after ninety days; a week less, so that none falls due soon. */
export const DAYS_OF_RESERVATIONS = 80;

/** The payment service keeps the provider's statement for 35 days. */
export const DAYS_OF_STATEMENT = 28;

/** Of an order that came to nothing the reservation is forgotten after a week. */
export const DAYS_OF_TOMBSTONES = 3;

/** The number of the first order that is at most so many days older than the latest. */
export const firstOrderWithin = ({ orders }: Size, days: number): number =>
  Math.max(1, orders - Math.floor((orders * days) / DAYS_OF_ORDERS) + 1);

export const scaled = (scale: number): Pick<Size, 'products' | 'orders' | 'users'> => ({
  products: 10_000 * scale,
  orders: 100_000 * scale,
  users: 10_000 * scale,
});

/** Midnight, three days ago. */
export const lastMoment = (now: Date): Date => new Date(Math.floor(now.getTime() / 86_400_000 - 3) * 86_400_000);
