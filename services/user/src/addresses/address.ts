/** A postal address a person keeps for later orders. */
export interface Address {
  readonly id: string;
  readonly accountId: string;
  readonly name: string;
  readonly line1: string;
  readonly line2: string | undefined;
  readonly city: string;
  readonly postalCode: string;
  /** ISO 3166, two letters. */
  readonly country: string;
  readonly createdAt: Date;
}

/** Enough for every person, too few to fill a table with. */
export const mostAddresses = 50;
