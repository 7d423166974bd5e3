import { invalidParameter, missingParameter } from './stripe-error.ts';

/** A form body or a query as `qs` gives it: strings, arrays and objects of them. */
export type Parameters = Record<string, unknown>;

const maximumAmount = 99_999_999;

export function requiredText(parameters: Parameters, name: string): string {
  const value = optionalText(parameters, name);
  if (value === undefined) throw missingParameter(name);
  return value;
}

export function optionalText(parameters: Parameters, name: string): string | undefined {
  const value = parameters[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw invalidParameter(name, `Invalid string: ${JSON.stringify(value)}`);
  return value;
}

/** A positive amount in minor units, at most Stripe's eight digits. */
export function optionalAmount(parameters: Parameters, name: string): number | undefined {
  const text = optionalText(parameters, name);
  if (text === undefined) return undefined;
  if (!/^-?\d+$/.test(text)) throw invalidParameter(name, `Invalid integer: ${text}`, 'parameter_invalid_integer');
  const amount = Number(text);
  if (amount < 1) throw invalidParameter(name, 'This value must be greater than or equal to 1.', 'parameter_invalid_integer');
  if (amount > maximumAmount) throw invalidParameter(name, 'Amount must be no more than €999,999.99', 'amount_too_large');
  return amount;
}

export function requiredAmount(parameters: Parameters, name: string): number {
  const amount = optionalAmount(parameters, name);
  if (amount === undefined) throw missingParameter(name);
  return amount;
}

export function requiredCurrency(parameters: Parameters): string {
  const currency = requiredText(parameters, 'currency').toLowerCase();
  if (!/^[a-z]{3}$/.test(currency)) throw invalidParameter('currency', `Invalid currency: ${currency}`);
  return currency;
}

export const flag = (parameters: Parameters, name: string): boolean => optionalText(parameters, name) === 'true';

export function metadata(parameters: Parameters): Record<string, string> {
  const value = parameters.metadata;
  if (value === undefined || value === '') return {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidParameter('metadata', 'Invalid object');
  }
  return Object.fromEntries(Object.entries(value).map(([key, text]) => [key, String(text)]));
}

/** Page size as Stripe has it: 1 to 100, 10 when nothing is said. */
export function pageLimit(parameters: Parameters): number {
  const limit = Number(optionalText(parameters, 'limit') ?? 10);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) throw invalidParameter('limit', 'Limit must be from 1 to 100.');
  return limit;
}

/** Stripe's `created`, in whole seconds: one moment, or bounds named gt, gte, lt and lte. */
export function createdWithin(parameters: Parameters): (created: number) => boolean {
  const { created } = parameters;
  if (created === undefined || created === '') return () => true;
  if (typeof created !== 'object' || created === null || Array.isArray(created)) {
    const moment = seconds('created', created);
    return (at) => at === moment;
  }
  const bounds = Object.entries(created).map(([name, value]) => {
    const within = isWithin[name];
    if (within === undefined) throw invalidParameter(`created[${name}]`, `Received unknown parameter: created[${name}]`);
    const bound = seconds(`created[${name}]`, value);
    return (at: number) => within(at, bound);
  });
  return (at) => bounds.every((within) => within(at));
}

const isWithin: Readonly<Record<string, (at: number, bound: number) => boolean>> = {
  gt: (at, bound) => at > bound,
  gte: (at, bound) => at >= bound,
  lt: (at, bound) => at < bound,
  lte: (at, bound) => at <= bound,
};

function seconds(name: string, value: unknown): number {
  if (typeof value === 'string' && /^\d{1,12}$/.test(value)) return Number(value);
  throw invalidParameter(name, `Invalid integer: ${String(value)}`, 'parameter_invalid_integer');
}
