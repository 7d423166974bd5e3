/** The books of one product, and what the rows say that they are made of. */
export interface StockBooks {
  readonly productId: string;
  readonly supplied: number;
  readonly onHand: number;
  readonly reserved: number;
  readonly sold: number;
  /** Units of its open reservations. */
  readonly held: number;
  /** Units of its committed reservations, and of those forgotten since. */
  readonly handedOver: number;
  /** Sum of its movements. */
  readonly moved: number;
}

/** Which of the sums differ; none when the books agree. */
export function disagreements({ supplied, onHand, reserved, sold, held, handedOver, moved }: StockBooks): Record<string, number> {
  const found: Record<string, number> = {};
  if (supplied !== onHand + reserved + sold) Object.assign(found, { supplied, counted: onHand + reserved + sold });
  if (reserved !== held) Object.assign(found, { reserved, held });
  if (sold !== handedOver) Object.assign(found, { sold, handedOver });
  if (supplied !== moved) Object.assign(found, { supplied, moved });
  return found;
}
