import { z } from 'zod';

/** A UUID as it is written, of any version or none, lower or upper case: an id that was never given is not found rather than malformed. */
export const id = z.guid();

// Cc, written out: `\P{Cc}` means something else to readers of the API description that compile patterns without the u flag.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
const noControlCharacters = /^[^\u0000-\u001f\u007f-\u009f]*$/;

/** One line of human text: trimmed, 1 to `max` characters, no control characters. */
export const line = (max: number) =>
  z.string().trim().min(1).max(max).regex(noControlCharacters, 'must not contain control characters');

/** Human text of several lines: trimmed, 1 to `max` characters. */
export const text = (max: number) => z.string().trim().min(1).max(max);

/** A moment as ISO 8601 in UTC. */
export const moment = z.iso.datetime();

/** ISO 4217 code. */
export const currency = z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code');

/** The largest amount the platform handles: 10^12 minor units; sums of 50 lines of 99 pieces stay exact in a JS number. */
export const largestAmount = 1_000_000_000_000;

/** An amount as answers carry it; may be negative in the ledger. */
export const money = z.object({ amount: z.int(), currency });

/** A price or a refund as requests carry it: 1 to 10^9 minor units. */
export const positiveMoney = z.strictObject({ amount: z.int().min(1).max(1_000_000_000), currency });

/** A whole number in a query string. Stricter than coercion, which takes '', ' 5', '1e2' and '0x10' for numbers. */
export const integerText = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,13}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .pipe(z.int().min(min).max(max));

/** An opaque position in a list, as the previous page gave it. */
export const cursor = z
  .string()
  .max(500)
  .regex(/^[A-Za-z0-9_-]+$/, 'must be a cursor of a previous answer');

/** `?limit=&cursor=` of every list. */
export const pageQuery = z.object({ limit: integerText(1, 100).default(20), cursor: cursor.optional() });

export type PageQuery = z.infer<typeof pageQuery>;

/** `{ items, nextCursor }`: the answer of every list; `nextCursor` is null on the last page. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/** One page of a list. */
export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

/** Postal address, as a customer keeps it and an order is shipped to. */
export const address = z.strictObject({
  name: line(120),
  line1: line(160),
  line2: line(160).optional(),
  city: line(120),
  postalCode: line(20),
  country: z.string().regex(/^[A-Z]{2}$/, 'must be an ISO 3166 two-letter code'),
});

export type Address = z.infer<typeof address>;

/** Value of the `Idempotency-Key` header: 1 to 255 visible ASCII characters. */
export const idempotencyKey = z.string().regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 visible ASCII characters');

/** What a person may do. `support` reads orders and users, and changes neither roles nor products. */
export const role = z.enum(['customer', 'support', 'admin']);

export type Role = z.infer<typeof role>;

/** A fact one service tells the others: its name with version, and the shape of its data. */
export interface EventContract<Data extends z.ZodType = z.ZodType> {
  readonly type: string;
  readonly schema: Data;
}

/** Ties an event's name to the shape of its data. The first segment of the name is its owner. */
export const defineEvent = <Data extends z.ZodType>(type: string, schema: Data): EventContract<Data> => ({ type, schema });
