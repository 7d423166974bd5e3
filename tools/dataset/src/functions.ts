import { DAYS_OF_ORDERS, type Size } from './size.ts';

/**
 * What everything is made of: functions of a number, the same in all databases, so that an order, its payment and its reservation agree
 * without anybody asking anybody. All are single expressions, which Postgres writes into the statement instead of calling them. Declared
 * immutable those with a text or a moment in them would be called, and filling take four times as long.
 */
export function functionsFor({ seed, products, orders, until }: Size): string {
  const stepMs = Math.max(1, Math.floor((DAYS_OF_ORDERS * 86_400_000) / orders));
  const define = (head: string, returns: string, body: string) =>
    `create function pg_temp.${head} returns ${returns} language sql stable as $$ select ${body} $$;`;
  const list = (words: readonly string[]) => `(array[${words.map((word) => `'${word}'`).join(', ')}])`;
  const word = (words: readonly string[], salt: number) => `${list(words)}[1 + pg_temp.pick(i, ${salt}, ${words.length})]`;
  const line = (number: number) => `pg_temp.line_quantity(n, ${number}) * pg_temp.price(pg_temp.line_product(n, ${number}))`;

  return [
    define(
      'pick(n int8, salt int, many int8)',
      'int8',
      `(hashint8extended(n, ${seed} * 1000 + salt) & 9223372036854775807) % many`,
    ),
    // Version 8 of RFC 9562: whatever its maker likes.
    define(
      'id(kind text, n int8)',
      'uuid',
      `overlay(overlay(md5(kind || ':${seed}:' || n) placing '8' from 13 for 1) placing 'a' from 17 for 1)::uuid`,
    ),

    define('price(i int8)', 'int8', '100 + pg_temp.pick(i, 1, 90000)'),
    define('product_name(i int8)', 'text', `${word(MATERIALS, 2)} || ' ' || ${word(THINGS, 3)} || ' ' || i`),
    define(
      'product_description(i int8)',
      'text',
      `'A ' || ${word(MANNERS, 4)} || ' piece for the ' || ${word(ROOMS, 5)} || ', made of ' || ${word(MATERIALS, 6)} || ' by hand. '
       || 'It goes well with ' || ${word(COLOURS, 7)} || ' and ' || ${word(COLOURS, 8)} || ' and lasts ' || (2 + pg_temp.pick(i, 9, 40)) || ' years.'`,
    ),

    define(
      'placed_at(n int8)',
      'timestamptz',
      `'${until.toISOString()}'::timestamptz - (${orders} - n) * ${stepMs} * interval '1 millisecond'`,
    ),
    define('age_days(n int8)', 'int8', `(${orders} - n) * ${stepMs} / 86400000`),
    // A cube: a hundredth of the products has a fifth of the sales.
    define(
      'line_product(n int8, l int)',
      'int8',
      `1 + (floor(${products} * power(pg_temp.pick(n, 11, 1000000) / 1000000.0::float8, 3))::int8 + (l - 1) * ${Math.floor(products / 7) + 1}) % ${products}`,
    ),
    define('line_quantity(n int8, l int)', 'int8', '1 + pg_temp.pick(n * 4 + l, 12, 3)'),
    define('lines_of(n int8)', 'int8', '1 + pg_temp.pick(n, 10, 3)'),
    define(
      'total(n int8)',
      'int8',
      `${line(1)} + case when pg_temp.lines_of(n) >= 2 then ${line(2)} else 0 end + case when pg_temp.lines_of(n) >= 3 then ${line(3)} else 0 end`,
    ),
    define(
      'fate(n int8)',
      'text',
      `case when pg_temp.pick(n, 14, 100) < 4 then 'refused' when pg_temp.pick(n, 14, 100) < 8 then 'declined'
            when pg_temp.pick(n, 14, 100) < 12 then 'cancelled' when pg_temp.age_days(n) < 3 then 'confirmed'
            when pg_temp.age_days(n) < 10 then 'shipped' else 'delivered' end`,
    ),
    define(
      'moved_at(n int8)',
      'timestamptz',
      `pg_temp.placed_at(n) + case pg_temp.fate(n) when 'cancelled' then interval '2 hours' when 'shipped' then interval '2 days'
                                                   when 'delivered' then interval '5 days' else interval '1 second' end`,
    ),
    define('sold(n int8)', 'bool', `pg_temp.fate(n) in ('confirmed', 'shipped', 'delivered')`),
    define('charge_reference(n int8)', 'text', `'pi_' || replace(pg_temp.id('charge', n)::text, '-', '')`),
    define('refund_reference(n int8)', 'text', `'re_' || replace(pg_temp.id('given back', n)::text, '-', '')`),
  ].join('\n');
}

const MATERIALS = [
  'Oak',
  'Walnut',
  'Steel',
  'Linen',
  'Copper',
  'Glass',
  'Ceramic',
  'Leather',
  'Wool',
  'Marble',
  'Bamboo',
  'Cork',
  'Brass',
];
const THINGS = [
  'Lamp',
  'Table',
  'Chair',
  'Vase',
  'Mirror',
  'Clock',
  'Shelf',
  'Rug',
  'Kettle',
  'Bench',
  'Frame',
  'Bowl',
  'Basket',
  'Cushion',
  'Tray',
  'Stool',
  'Jug',
];
const MANNERS = [
  'plain',
  'sturdy',
  'delicate',
  'generous',
  'compact',
  'folding',
  'classic',
  'modern',
  'rustic',
  'polished',
  'quiet',
];
const ROOMS = ['kitchen', 'hall', 'garden', 'study', 'bedroom', 'nursery', 'workshop', 'balcony', 'bathroom', 'library'];
const COLOURS = ['white', 'black', 'green', 'blue', 'red', 'yellow', 'grey', 'brown', 'orange', 'violet', 'turquoise', 'cream'];
