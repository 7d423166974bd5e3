import { createHash } from 'node:crypto';
import type { Shelf } from './shelf.ts';
import { beauty } from './shelves/beauty.ts';
import { books } from './shelves/books.ts';
import { clothing } from './shelves/clothing.ts';
import { electronics } from './shelves/electronics.ts';
import { food } from './shelves/food.ts';
import { garden } from './shelves/garden.ts';
import { home } from './shelves/home.ts';
import { kitchen } from './shelves/kitchen.ts';
import { office } from './shelves/office.ts';
import { shoes } from './shelves/shoes.ts';
import { sports } from './shelves/sports.ts';
import { toys } from './shelves/toys.ts';

export interface SeedProduct {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly category: string;
  readonly priceMinor: number;
  readonly currency: 'EUR';
  readonly stock: number;
  readonly popularity: number;
  readonly createdAt: string;
}

const shelves: readonly Shelf[] = [
  books,
  electronics,
  kitchen,
  home,
  garden,
  clothing,
  shoes,
  sports,
  toys,
  beauty,
  office,
  food,
];

export const seedCategories = shelves.map(({ slug, name }) => ({ slug, name }));

/** The development catalogue: the same 1,080 products on every machine, because nothing in it is drawn by chance. */
export const seedProducts = (): SeedProduct[] =>
  shelves.flatMap((shelf) =>
    shelf.goods.flatMap((_, good) => shelf.variants.map((_, variant) => seedProduct(shelf, good, variant))),
  );

const firstDay = Date.parse('2025-01-06T08:00:00.000Z');
const days = 600;

function seedProduct(shelf: Shelf, goodIndex: number, variantIndex: number): SeedProduct {
  const [good, from, to, about] = at(shelf.goods, goodIndex);
  const [variant, note] = at(shelf.variants, variantIndex);
  const sku = `${shelf.code}-${String(goodIndex * shelf.variants.length + variantIndex + 1).padStart(4, '0')}`;
  const maker = pick(shelf.makers, shelf.oneMakerPerGood ? `${shelf.code} maker ${goodIndex}` : `${sku} maker`);

  return {
    id: uuidOf(sku),
    sku,
    name: shelf.title.replace('{maker}', maker).replace('{variant}', variant).replace('{good}', good),
    description: `${about} ${note} ${pick(shelf.promises, `${sku} promise`)}`,
    category: shelf.slug,
    priceMinor: retailPrice(from + share(`${sku} price`) * (to - from)),
    currency: 'EUR',
    // Enough of everything for an afternoon of load tests.
    stock: 250 + Math.floor(share(`${sku} stock`) * 4_750),
    // A few best sellers and a long tail, as in any shop.
    popularity: Math.floor(1_000 * share(`${sku} popularity`) ** 4),
    createdAt: new Date(firstDay + Math.floor(share(`${sku} day`) * days * 86_400) * 1_000).toISOString(),
  };
}

/** Below ten euros prices end in 9 cents, below a hundred in 90, above in whole fives. */
const retailPrice = (cents: number): number => {
  if (cents < 1_000) return Math.round(cents / 10) * 10 - 1;
  if (cents < 10_000) return Math.floor(cents / 100) * 100 + 90;
  return Math.round(cents / 500) * 500;
};

/** A fraction from 0 (included) to 1 (excluded) that depends on the text alone. */
const share = (text: string): number => createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;

const pick = <T>(choices: readonly T[], text: string): T => at(choices, Math.floor(share(text) * choices.length));

function at<T>(list: readonly T[], index: number): T {
  const value = list[index];
  if (value === undefined) throw new RangeError(`There is no entry ${index} in a list of ${list.length}.`);
  return value;
}

/** A version 8 UUID (RFC 9562: contents are ours to choose) made from the SKU. */
function uuidOf(sku: string): string {
  const bytes = createHash('sha256').update(`emporium product ${sku}`).digest().subarray(0, 16);
  bytes[6] = (at([...bytes], 6) & 0x0f) | 0x80;
  bytes[8] = (at([...bytes], 8) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
