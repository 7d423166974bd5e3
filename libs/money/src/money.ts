import { AppError } from '@emporium/errors';

/** Integer minor units (cents for EUR) and an ISO 4217 code; the shape in memory is the shape on the wire. */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

const iso4217 = /^[A-Z]{3}$/;

/**
 * A checked amount. Raises AppError `unprocessable`: `amount-not-whole`, `amount-too-large` (beyond ±(2^53 − 1), where numbers
 * stop being exact) or `currency-malformed`. Does not know which currencies exist, nor how many minor units each has.
 */
export function money(amount: number, currency: string): Money {
  if (!iso4217.test(currency)) throw currencyMalformed();
  if (!Number.isSafeInteger(amount)) throw Number.isInteger(amount) ? amountTooLarge() : amountNotWhole();
  // `+ 0` turns -0 into 0, which JSON and Object.is would otherwise tell apart.
  return { amount: amount + 0, currency };
}

/** Nothing, in a currency. */
export const zero = (currency: string): Money => money(0, currency);

/** a + b. Raises `currency-mismatch` or `amount-too-large`. */
export function add(a: Money, b: Money): Money {
  requireSameCurrency(a, b);
  return money(a.amount + b.amount, a.currency);
}

/** a − b; may be negative. Raises `currency-mismatch` or `amount-too-large`. */
export function subtract(a: Money, b: Money): Money {
  requireSameCurrency(a, b);
  return money(a.amount - b.amount, a.currency);
}

/** A price times a whole number of pieces. Raises `amount-not-whole` for a fraction: percentages need a rounding rule, and this has none. */
export function times(price: Money, count: number): Money {
  if (!Number.isInteger(count)) throw amountNotWhole();
  return money(price.amount * count, price.currency);
}

/** The same amount the other way round. */
export const negate = (value: Money): Money => money(-value.amount, value.currency);

/** The sum of a list, which may be empty; that is why the currency is named. Raises `currency-mismatch` or `amount-too-large`. */
export const sum = (list: Iterable<Money>, currency: string): Money => [...list].reduce(add, zero(currency));

/** Whether there is nothing to pay. */
export const isZero = (value: Money): boolean => value.amount === 0;

/** Whether the amount is below zero. */
export const isNegative = (value: Money): boolean => value.amount < 0;

/** Same amount and same currency; unlike compare it accepts two currencies. */
export const equals = (a: Money, b: Money): boolean => a.amount === b.amount && a.currency === b.currency;

/** Below zero, zero or above zero, as a sort wants it. Raises `currency-mismatch`. */
export function compare(a: Money, b: Money): number {
  requireSameCurrency(a, b);
  return Math.sign(a.amount - b.amount) + 0;
}

function requireSameCurrency(a: Money, b: Money): void {
  if (a.currency === b.currency) return;
  throw new AppError('unprocessable', 'currency-mismatch', `Amounts in ${a.currency} and ${b.currency} cannot be combined.`);
}

const amountNotWhole = () =>
  new AppError('unprocessable', 'amount-not-whole', 'An amount must be a whole number of minor units.');

const amountTooLarge = () => new AppError('unprocessable', 'amount-too-large', 'The amount is too large to be exact.');

const currencyMalformed = () =>
  new AppError('unprocessable', 'currency-malformed', 'A currency is three capital letters (ISO 4217).');
