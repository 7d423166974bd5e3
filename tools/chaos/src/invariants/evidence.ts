/** The name of what must hold; `experiment` is what a single experiment expects beyond the invariants. */
export type Rule =
  | 'no-oversell'
  | 'stock-conserved'
  | 'one-charge-per-order'
  | 'no-orphan-money'
  | 'no-free-order'
  | 'ledger-is-witness'
  | 'accepted-is-readable'
  | 'all-terminal'
  | 'idempotent'
  | 'legal-history'
  | 'own-writes-visible'
  | 'no-right-granted'
  | 'no-foreign-data'
  | 'no-dirty-error'
  | 'experiment';

/** Something that must not be, seen on the spot. */
export interface Breach {
  readonly rule: Rule;
  readonly text: string;
}

export interface Item {
  readonly productId: string;
  readonly quantity: number;
}

/** An order as order_db has it. */
export interface OrderFact {
  readonly id: string;
  readonly userId: string;
  readonly status: string;
  readonly version: number;
  readonly total: number;
  /** The idempotency key of the purchase, which the suite writes into each order's address. */
  readonly key: string | null;
  readonly items: readonly Item[];
  readonly history: readonly { readonly version: number; readonly status: string }[];
}

export interface PaymentFact {
  readonly orderId: string;
  readonly status: string;
  readonly charged: number;
  readonly refunded: number;
}

/** The ledger's entries of one order, added up. */
export interface LedgerFact {
  readonly orderId: string;
  readonly providerClearing: number;
  readonly allAccounts: number;
}

export interface StockFact {
  readonly productId: string;
  readonly supplied: number;
  readonly onHand: number;
  readonly reserved: number;
  readonly sold: number;
  /** Units of orders that are sold, as order_db has them. */
  readonly unitsOfOrders: number;
  /** What the suite put there, if the product is one of its own. */
  readonly put: number | undefined;
}

/** A captured charge in the books of the witness. */
export interface ChargeFact {
  readonly id: string;
  readonly orderId: string | null;
  readonly amount: number;
  readonly refunded: number;
}

/** What the driver did under one idempotency key, and heard. */
export interface PurchaseFact {
  readonly key: string;
  readonly userId: string;
  readonly items: readonly Item[] | undefined;
  readonly answers: readonly PurchaseAnswer[];
}

/** `status` is undefined when no answer came. */
export interface PurchaseAnswer {
  readonly status: number | undefined;
  readonly orderId: string | undefined;
  readonly code: string | undefined;
}

/** What the owner of an accepted order was shown when everything was healed; undefined: nothing. */
export interface Reading {
  readonly orderId: string;
  readonly key: string;
  readonly userId: string;
  readonly wanted: readonly Item[] | undefined;
  readonly seen: { readonly userId: string; readonly items: readonly Item[] } | undefined;
}

export interface Settled {
  /** Since the last fault was healed. */
  readonly tookMs: number;
  /** What was not terminal when patience ended, in words. */
  readonly left: readonly string[];
}

/** Everything the invariants look at. */
export interface Evidence {
  readonly orders: readonly OrderFact[];
  readonly payments: readonly PaymentFact[];
  readonly ledger: readonly LedgerFact[];
  readonly stock: readonly StockFact[];
  readonly charges: readonly ChargeFact[];
  readonly purchases: readonly PurchaseFact[];
  readonly readings: readonly Reading[];
  readonly breaches: readonly Breach[];
  readonly settled: Settled;
}

const SOLD = new Set(['confirmed', 'shipped', 'delivered']);

export const isSold = (order: Pick<OrderFact, 'status'>): boolean => SOLD.has(order.status);
