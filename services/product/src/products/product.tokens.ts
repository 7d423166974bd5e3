/** The one currency of the catalogue: sums of an order and the order by price need it to be one. */
export const CATALOG_CURRENCY = Symbol('CATALOG_CURRENCY');
