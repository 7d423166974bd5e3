import { parseArgs } from 'node:util';
import { lastMoment, type Size, scaled } from './size.ts';

export interface Arguments {
  readonly size: Size;
  /** Where the databases lie, for `EMPORIUM_DATA_DIR` afterwards. */
  readonly data: string | undefined;
  readonly json: string | undefined;
}

export const usage = `npm run dataset -- --scale N | --products N --orders N --users N [options]
  --scale N     1: 10,000 products, 100,000 orders, 10,000 users; 100 is a hundred times that
  --seed N      other data; 1
  --data DIR    data folder of its own, for EMPORIUM_DATA_DIR=DIR npm start afterwards; .data/dataset
  --json FILE   time and sizes for programs
  With DATABASE_URL the databases of that server are filled, as the runner made them.`;

const MOST = 100_000_000;

/** Raises one message with everything that is wrong. */
export function readArguments(argv: readonly string[], now: Date): Arguments {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...argv],
    options: { scale: text, products: text, orders: text, users: text, seed: text, data: text, json: text },
  });
  const mistakes: string[] = [];
  const number = (name: 'scale' | 'products' | 'orders' | 'users' | 'seed', otherwise: number, least: number): number => {
    const given = values[name];
    if (given === undefined) return otherwise;
    if (!/^\d{1,9}$/.test(given) || Number(given) < least || Number(given) > MOST)
      mistakes.push(`--${name} takes a whole number from ${least} to ${MOST}, not ${given}.`);
    return Number(given);
  };
  const counts = [values.products, values.orders, values.users];
  const named = counts.filter((count) => count !== undefined).length;
  if (values.scale === undefined && named === 0) mistakes.push('Say how much: --scale, or --products, --orders and --users.');
  if (values.scale !== undefined && named > 0) mistakes.push('Say either --scale or the numbers.');
  const usual = scaled(number('scale', 1, 1));
  const size = {
    products: number('products', usual.products, 10),
    orders: number('orders', usual.orders, 1),
    users: number('users', usual.users, 1),
    seed: number('seed', 1, 0),
    until: lastMoment(now),
  };
  if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
  return { size, data: values.data, json: values.json };
}
