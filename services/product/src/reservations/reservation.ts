export type ReservationStatus = 'reserved' | 'committed' | 'released' | 'returned';

export interface Reservation {
  readonly orderId: string;
  readonly status: ReservationStatus;
}

/** What is on record for an order. Refused: it was told that it is out of stock, and is told so again. */
export type RecordedStatus = ReservationStatus | 'refused';

/** What an order asks for, as it asks for it: the same product may stand on several lines. */
export interface WantedLine {
  readonly productId: string;
  readonly quantity: number;
}

/** What an order takes of one product, and the first of its lines that names it. */
export interface ReservationLine extends WantedLine {
  readonly position: number;
}

/** A product of which fewer units are on hand than wanted. */
export interface Shortage {
  readonly productId: string;
  readonly available: number;
}

/** How the units of an order move when its reservation does. The three numbers add up to 0: supplied never changes. */
export interface Step {
  readonly from: ReservationStatus;
  readonly to: ReservationStatus;
  readonly onHand: -1 | 0 | 1;
  readonly reserved: -1 | 0 | 1;
  readonly sold: -1 | 0 | 1;
}

export const steps = {
  commit: { from: 'reserved', to: 'committed', onHand: 0, reserved: -1, sold: 1 },
  release: { from: 'reserved', to: 'released', onHand: 1, reserved: -1, sold: 0 },
  return: { from: 'committed', to: 'returned', onHand: 1, reserved: 0, sold: -1 },
} as const satisfies Record<string, Step>;

export type StepName = keyof typeof steps;

/** One line per product, in the order of product ids: whoever takes several rows takes them in this order, so that nobody waits in a circle. */
export function mergeLines(wanted: readonly WantedLine[]): ReservationLine[] {
  const merged = new Map<string, ReservationLine>();
  for (const [position, line] of wanted.entries()) {
    const productId = line.productId.toLowerCase();
    const known = merged.get(productId);
    merged.set(productId, {
      productId,
      quantity: line.quantity + (known?.quantity ?? 0),
      position: known?.position ?? position,
    });
  }
  return [...merged.values()].sort((a, b) => (a.productId < b.productId ? -1 : 1));
}

/** Statuses in which nothing of the order is held or sold: whoever releases it has what he wants. */
export const holdsNothing = (status: RecordedStatus): boolean => ['refused', 'released', 'returned'].includes(status);

/** Whether two merged lists take the same units. */
export const sameLines = (a: readonly WantedLine[], b: readonly WantedLine[]): boolean =>
  a.length === b.length &&
  a.every((line, index) => line.productId === b[index]?.productId && line.quantity === b[index]?.quantity);
