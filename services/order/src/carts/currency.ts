/** Injection token: the shop's currency, for totals that have no line to take it from. */
export const CURRENCY = Symbol('currency');
