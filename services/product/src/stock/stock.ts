/** The books of one product. The database refuses any change after which supplied is not onHand + reserved + sold. */
export interface Inventory {
  readonly supplied: number;
  readonly onHand: number;
  readonly reserved: number;
  readonly sold: number;
}

/** Units put on the shelf (positive) or taken off it (negative) by a person. */
export interface StockMovement {
  readonly id: string;
  readonly productId: string;
  readonly quantity: number;
  readonly reason: string;
  readonly movedBy?: string;
}

/** Whether a column of the books can hold the number. */
export const fits = (units: number): boolean => units >= 0 && units <= 2_147_483_647;
