/** One table, filled by a statement for the numbers from `:from` to `:to`, a part at a time. */
export interface Fill {
  readonly table: string;
  readonly from: number;
  readonly to: number;
  readonly statement: string;
  /** Rows for one number, about: for the progress bar. */
  readonly rowsEach: number;
  /** Numbers at a time, where the usual 50,000 are not right. */
  readonly part?: number;
}

/** What is filled into one database, in this order. */
export interface Filling {
  readonly fills: readonly Fill[];
  /** A statement that finds a row when it was filled before. */
  readonly isFilled: string;
}
