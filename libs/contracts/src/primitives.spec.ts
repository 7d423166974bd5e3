import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import {
  address,
  currency,
  cursor,
  id,
  idempotencyKey,
  integerText,
  line,
  moment,
  money,
  pageOf,
  pageQuery,
  positiveMoney,
  role,
  text,
} from './primitives.ts';

const accepts = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success;
/** Paths and messages of what is wrong: `['city: Invalid input: …']`. */
const issuesOf = (schema: z.ZodType, value: unknown) =>
  (schema.safeParse(value).error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('an id', () => {
  it.each(['6f1d3a52-0000-4000-8000-000000000001', '6F1D3A52-0000-7000-A000-00000000ABCD'])('is %s', (value) => {
    expect(accepts(id, value)).toBe(true);
  });

  it.each([
    '',
    '6f1d3a52',
    '6f1d3a520000400080000000000000ab',
    '{6f1d3a52-0000-4000-8000-000000000001}',
    ' 6f1d3a52-0000-4000-8000-000000000001',
    "' or 1=1",
    7,
    null,
  ])('is not %j', (value) => {
    expect(accepts(id, value)).toBe(false);
  });
});

describe('a line of text', () => {
  it('is trimmed, and then neither empty nor too long', () => {
    expect(line(5).parse('  Grace \n')).toBe('Grace');
    expect(accepts(line(5), `${' '.repeat(20)}12345`)).toBe(true);
    expect(accepts(line(5), '123456')).toBe(false);
    expect(accepts(line(5), ' \t ')).toBe(false);
  });

  it.each(['a\u0000b', 'a\nb', 'a\u001bb', 'a\u007fb', 'a\u0085b', 3, ['a'], {}])('is not %j', (value) => {
    expect(accepts(line(50), value)).toBe(false);
  });

  it.each(['Zoë', '王小明', 'O’Hara-Smith', '👩‍🚀', '<script>', "Robert'); drop table students;--"])('may be %s', (value) => {
    expect(line(50).parse(value)).toBe(value);
  });

  it('may have several lines where it is a text', () => {
    expect(text(20).parse(' a\nb ')).toBe('a\nb');
    expect(accepts(text(3), 'abcd')).toBe(false);
    expect(accepts(text(3), '  ')).toBe(false);
  });
});

describe('a whole number in a query', () => {
  const limit = integerText(1, 100);

  it.each([
    ['1', 1],
    ['100', 100],
    ['007', 7],
  ])('%s is %i', (given, number) => {
    expect(limit.parse(given)).toBe(number);
  });

  it.each([
    '',
    ' ',
    ' 5',
    '5 ',
    '5\n',
    '0',
    '101',
    '-1',
    '+5',
    '1.0',
    '1e2',
    '0x10',
    '１',
    '٣',
    'NaN',
    'Infinity',
    '9'.repeat(13),
    '9'.repeat(400),
    5,
    null,
    true,
    ['5'],
    ['5', '6'],
    { limit: '5' },
  ])('is not %j', (value) => {
    expect(accepts(limit, value)).toBe(false);
  });

  it('says once what is wrong, with its range', () => {
    expect(issuesOf(limit, '1e2')).toEqual([': must be a whole number from 1 to 100']);
    expect(issuesOf(limit, '101')).toHaveLength(1);
  });

  it('is exact up to thirteen digits', () => {
    expect(integerText(0, Number.MAX_SAFE_INTEGER).parse('9999999999999')).toBe(9_999_999_999_999);
    expect(accepts(integerText(0, Number.MAX_SAFE_INTEGER), '99999999999999')).toBe(false);
  });
});

describe('a position in a list', () => {
  it.each(['a', 'eyJhIjoxfQ', '-_09AZaz', 'x'.repeat(500)])('may be %.20s', (value) => {
    expect(accepts(cursor, value)).toBe(true);
  });

  it.each(['', 'a b', 'a=', 'a+b', 'a/b', '../..', 'a\u0000', 'é', 'x'.repeat(501), 5, ['a']])('is not %.20j', (value) => {
    expect(accepts(cursor, value)).toBe(false);
  });

  it('has a page of twenty when nobody says otherwise', () => {
    expect(pageQuery.parse({})).toEqual({ limit: 20 });
    expect(pageQuery.parse({ limit: '100', cursor: 'abc', other: 'x' })).toEqual({ limit: 100, cursor: 'abc' });
    expect(issuesOf(pageQuery, { limit: '0', cursor: '' })).toHaveLength(2);
  });

  it('is null on the last page', () => {
    const page = pageOf(id);

    expect(accepts(page, { items: [], nextCursor: null })).toBe(true);
    expect(accepts(page, { items: [] })).toBe(false);
    expect(accepts(page, { items: ['x'], nextCursor: null })).toBe(false);
  });
});

describe('money', () => {
  it('is a whole number of minor units with a currency', () => {
    expect(accepts(money, { amount: -1_299, currency: 'EUR' })).toBe(true);
    for (const amount of [1.5, '1299', Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, null])
      expect([amount, accepts(money, { amount, currency: 'EUR' })]).toEqual([amount, false]);
  });

  it.each(['eur', 'EURO', 'EU', '€', '', 978])('is not in %j', (value) => {
    expect(accepts(currency, value)).toBe(false);
  });

  it('that is asked for is positive, bounded, and has no other fields', () => {
    expect(accepts(positiveMoney, { amount: 1, currency: 'EUR' })).toBe(true);
    expect(accepts(positiveMoney, { amount: 1_000_000_000, currency: 'EUR' })).toBe(true);
    for (const amount of [0, -1, 1_000_000_001, 0.1]) expect(accepts(positiveMoney, { amount, currency: 'EUR' })).toBe(false);
    expect(accepts(positiveMoney, { amount: 1, currency: 'EUR', rate: 2 })).toBe(false);
  });
});

describe('a postal address', () => {
  const home = { name: 'Grace', line1: '1 Main St', city: 'Arlington', postalCode: '22201', country: 'US' };

  it('has a second line if it needs one', () => {
    expect(address.parse(home)).toEqual(home);
    expect(address.parse({ ...home, line2: ' Flat 2 ' })).toEqual({ ...home, line2: 'Flat 2' });
  });

  it.each(['name', 'line1', 'city', 'postalCode', 'country'])('needs a %s', (field) => {
    const { [field as keyof typeof home]: _, ...rest } = home;

    expect(issuesOf(address, rest)).toEqual([expect.stringMatching(`^${field}: `)]);
    expect(accepts(address, { ...home, [field]: '  ' })).toBe(false);
    expect(accepts(address, { ...home, [field]: 'x'.repeat(500) })).toBe(false);
    expect(accepts(address, { ...home, [field]: { $ne: null } })).toBe(false);
  });

  it.each(['us', 'USA', 'U1', '', 'ÜS'])('is not in %j', (country) => {
    expect(issuesOf(address, { ...home, country })).toEqual(['country: must be an ISO 3166 two-letter code']);
  });

  it('has no other fields, and does not take them from a prototype', () => {
    expect(accepts(address, { ...home, phone: '1' })).toBe(false);
    expect(
      accepts(address, JSON.parse('{"__proto__":{"name":"Grace"},"line1":"1","city":"A","postalCode":"2","country":"US"}')),
    ).toBe(false);
    expect(accepts(address, { ...home, line2: null })).toBe(false);
    for (const value of [null, [], 'x', 5]) expect(accepts(address, value)).toBe(false);
  });
});

describe('an idempotency key', () => {
  it.each(['a', '6f1d3a52-0000-4000-8000-000000000001', '"quoted"', '~!@#', 'x'.repeat(255)])('may be %.40s', (value) => {
    expect(accepts(idempotencyKey, value)).toBe(true);
  });

  it.each(['', ' ', 'a b', 'a\n', 'é', 'x'.repeat(256), 5])('is not %.40j', (value) => {
    expect(accepts(idempotencyKey, value)).toBe(false);
  });
});

describe('a moment and a role', () => {
  it('are in UTC, and one of three', () => {
    expect(accepts(moment, '2026-11-21T14:00:00.000Z')).toBe(true);
    for (const value of ['2026-11-21', '2026-11-21T14:00:00+01:00', '2026-13-01T00:00:00Z', 'now', 0])
      expect([value, accepts(moment, value)]).toEqual([value, false]);
    expect(['customer', 'support', 'admin'].every((value) => accepts(role, value))).toBe(true);
    expect(['root', 'ADMIN', '', null].some((value) => accepts(role, value))).toBe(false);
  });
});
