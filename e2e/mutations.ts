/** JSON text in which one value is not what it should be. */
export interface Mutation {
  readonly name: string;
  /** Where the bad value stands, as the answer should name it. */
  readonly field: string;
  readonly json: string;
}

const kilobytes = (count: number) => 'x'.repeat(count * 1024);

// As JSON text, because several of these cannot be written by JSON.stringify.
const badForAnything: Record<string, string> = {
  null: 'null',
  true: 'true',
  'an object': '{}',
  'an array': '[[]]',
  'NUL in text': '"a\\u0000b"',
  'half a surrogate pair': '"\\ud800"',
  '1e400': '1e400',
};
const badForText: Record<string, string> = {
  'a number': '5',
  'no text': '""',
  'far too much text': JSON.stringify(kilobytes(100)),
};
const badForNumbers: Record<string, string> = {
  'a number as text': '"5"',
  'a fraction': '1.5',
  'a number beyond exactness': '9007199254740993',
  'a number with a hundred digits': '1'.repeat(100),
  'a number below all': '-9007199254740991',
};

type Leaf = readonly [path: readonly string[], value: unknown];

function leavesOf(value: unknown, path: readonly string[] = []): Leaf[] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, member]) => leavesOf(member, [...path, key]));
}

const placeholder = '@bad@';

/** `value` as JSON text, with `json` in place of what stands at `path`. */
function writeWith(value: unknown, path: readonly string[], json: string): string {
  const copy = structuredClone(value) as Record<string, unknown>;
  const parent = path.slice(0, -1).reduce((node, key) => node[key] as Record<string, unknown>, copy);
  parent[path.at(-1) ?? ''] = placeholder;
  return JSON.stringify(copy).replace(`"${placeholder}"`, () => json);
}

/** Every value of a good body, replaced in turn by everything that is wrong for it. */
export function badValues(body: object): Mutation[] {
  return leavesOf(body).flatMap(([path, value]) => {
    const bad = { ...badForAnything, ...(typeof value === 'number' ? badForNumbers : badForText) };
    return Object.entries(bad).map(([name, json]) => ({
      name: `${name} as ${path.join('.')}`,
      field: path.join('.'),
      json: writeWith(body, path, json),
    }));
  });
}

/** A good body with one name too many. */
export const unknownNames = (body: object): Mutation[] =>
  ['extra', 'toString'].map((field) => ({ name: `unknown ${field}`, field, json: JSON.stringify({ ...body, [field]: 1 }) }));

const named = <Body>(bodies: Readonly<Record<string, Body>>) => Object.entries(bodies).map(([name, body]) => ({ name, body }));

const nested = (levels: number, open: string, close: string) => open.repeat(levels) + close.repeat(levels);

/** Bodies that are wrong whatever the route; what is not JSON of ours is called `body`. */
export const badBodies = named<string | Buffer>({
  'broken JSON': '{"a":',
  'a trailing comma': '{"a":1,}',
  'single quotes': "{'a':1}",
  NaN: '{"a":NaN}',
  'bytes that are not UTF-8': Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
  'NUL bytes': '\u0000\u0000',
  __proto__: '{"__proto__":{"admin":true}}',
  '__proto__ further in': '{"a":{"__proto__":{"admin":true}}}',
  '__proto__ in escapes': '{"\\u005f\\u005fproto__":{"admin":true}}',
  constructor: '{"constructor":{"prototype":{"admin":true}}}',
  '1,000 arrays in each other': nested(1_000, '[', ']'),
  '1,000 objects in each other': nested(1_000, '{"a":', '}').replace(':}', ':1}'),
  '100,000 arrays in each other': nested(100_000, '[', ']'),
  '1e400': '{"a":1e400}',
  'a lone surrogate as a name': '{"\\ud800":1}',
});

/** JSON, but of another kind than any body of ours. */
export const wrongKinds = named<string>({
  'no body': '',
  null: 'null',
  'an array': '[]',
  'an array of bodies': '[{}]',
  text: '"text"',
  'a number': '42',
  false: 'false',
  'an empty object': '{}',
});

/** Content types that are not exactly JSON; some have led parsers past validation. */
const oddTypes = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/xml',
  'application/json\t; charset=utf-8',
  'application/json ;charset=utf-8;',
  'application/json; charset=latin1',
  'application/json; =x',
  'application/json; a',
  'application/json,text/plain',
  'application/jsonx',
  'application',
  '/',
  '*/*',
  ';',
  'application/json; charset=utf-8; boundary=x',
];
export const oddContentTypes: readonly { name: string; headers: Record<string, string> }[] = [
  { name: 'none', headers: {} },
  ...oddTypes.map((type) => ({ name: type, headers: { 'content-type': type } })),
];

const anId = 'b4f4c7b4-26b1-4d27-9a0c-0f7d8a3f2c11';

/** What stands in a path where an id should. */
export const badIds = Object.entries({
  'a number': '1',
  'a UUID too long': `${anId}0`,
  'a UUID in braces': `%7B${anId}%7D`,
  'a UUID and NUL': `${anId}%00`,
  'a UUID and a slash': `${anId}%2f..%2fme`,
  NUL: '%00',
  dots: '%2e%2e%2f%2e%2e',
  'a quote': '%27%20or%201=1--',
  'half a surrogate pair': '%ed%a0%80',
  'a broken escape': '%zz',
  'a cut escape': '%',
  'far too much': 'x'.repeat(400),
  constructor: 'constructor',
  __proto: '__proto__',
}).map(([name, id]) => ({ name, id }));

const queries = (name: string, values: readonly string[]) => [
  ...values.map((value) => ({ name: `${name}=${value}`.slice(0, 60), query: `${name}=${value}` })),
  { name: `${name} twice`, query: `${name}=5&${name}=6` },
];

const noLimits = [
  '0',
  '101',
  'abc',
  '1.5',
  '-1',
  '',
  '1e1',
  '0x10',
  '%205',
  '%2B5',
  '9'.repeat(30),
  'NaN',
  'null',
  '%00',
  '%D9%A3',
];
export const badLimits = queries('limit', noLimits);

// Well formed, and of years that Postgres does not know or no index can hold.
const cursorOf = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const outlandish = ['0000-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z', '-271821-04-20T00:00:00.000Z'].flatMap((at) => [
  cursorOf([at, anId]),
  cursorOf(`${at}|${anId}`),
  cursorOf(['newest', 'words', at, anId, '']),
]);
export const outlandishCursors = [...outlandish, cursorOf('9'.repeat(19))].map((cursor) => ({ name: cursor, cursor }));

const noCursors = ['', 'garbage', '%00', '..', 'e30', 'bnVsbA', 'W10', 'W251bGwsbnVsbF0', 'x'.repeat(600)];
export const badCursors = queries('cursor', noCursors);
