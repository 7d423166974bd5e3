import { z } from 'zod';
import { type Loaded, type Presence, Unreadable, type Variable, type VariableKind } from './variable.ts';

/** A TCP port, 0 to 65535; 0 lets the system choose. */
const port = <const Options extends Presence<number>>(name: string, options?: Options) =>
  variable<number, Options>(name, 'port', wholeNumber(0, 65_535), options);

/** An absolute URL with a host; a trailing slash is cut. Its text never appears in a message: it may hold a password. */
const url = <const Options extends Presence<string>>(name: string, options?: Options) =>
  variable<string, Options>(name, 'url', readUrl, options);

/** Any text. */
const string = <const Options extends Presence<string>>(name: string, options?: Options) =>
  variable<string, Options>(name, 'string', (text) => text, options);

/** Any text that no message, description or log may show. Give it no default but one for development, with `requiredInProduction`. */
const secret = <const Options extends Presence<string>>(name: string, options?: Options) =>
  variable<string, Options>(name, 'secret', (text) => text, options);

/** A whole number within `min` and `max`, both included; without them any number JavaScript counts exactly. */
const integer = <const Options extends Presence<number> & Range>(name: string, options?: Options) =>
  variable<number, Options>(name, 'integer', wholeNumber(options?.min, options?.max), options);

/** Whole milliseconds from 0 on. The name must end in _MS, so that nobody sets seconds. */
const duration = <const Options extends Presence<number> & Range>(name: string, options?: Options) => {
  if (!name.endsWith('_MS')) throw new Error(`The duration ${name} needs its unit in its name: ${name}_MS.`);
  return variable<number, Options>(name, 'duration', wholeNumber(options?.min ?? 0, options?.max ?? longestTimer), options);
};

/** true or false, 1 or 0; nothing else, so that FEATURE=no does not switch a feature on. */
const boolean = <const Options extends Presence<boolean>>(name: string, options?: Options) =>
  variable<boolean, Options>(name, 'boolean', readBoolean, options);

/** One of some words, spelled exactly so. */
const oneOf = <const Word extends string, const Options extends Presence<Word>>(
  name: string,
  words: readonly Word[],
  options?: Options,
) => variable<Word, Options>(name, 'one of', (text) => pick(words, text), options);

/** Texts parted by commas; spaces around them and empty ones are dropped. */
const list = <Options extends Presence<string[]>>(name: string, options?: Options) =>
  variable<string[], Options>(name, 'list', readList, options);

/** JSON of a shape. Messages name the place and the expectation, never what was found. */
const json = <Schema extends z.ZodType, const Options extends Presence<z.output<Schema>> & { secret?: boolean }>(
  name: string,
  schema: Schema,
  options?: Options,
) => ({ ...variable<z.output<Schema>, Options>(name, 'json', readJson(schema), options), secret: options?.secret ?? false });

/** The kinds of variables a config file can name. None reads the environment: `defineConfig` does, once, with all of them. */
export const env = { port, url, string, secret, integer, duration, boolean, oneOf, list, json };

/** Inclusive bounds. */
export interface Range {
  min?: number;
  max?: number;
}

/** 2^31 − 1 ms, about 24.8 days: a longer Node timer fires at once. */
const longestTimer = 2_147_483_647;

function variable<Value, Options extends Presence<Value>>(
  name: string,
  kind: VariableKind,
  read: (text: string) => Value,
  options?: Options,
): Variable<Loaded<Value, Options>> {
  const presence: Presence<Value> = options ?? {};
  return {
    name,
    kind,
    secret: kind === 'secret',
    optional: presence.optional === true || presence.default !== undefined,
    requiredInProduction: presence.requiredInProduction === true,
    default: presence.default as Loaded<Value, Options> | undefined,
    defaultInProduction: presence.defaultInProduction as Loaded<Value, Options> | undefined,
    read: read as (text: string) => Loaded<Value, Options>,
  };
}

const wholeNumber = (min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER) => {
  const expected = `must be a whole number from ${min} to ${max}`;
  return (text: string): number => {
    const value = Number(text);
    // Number() takes '1e3', '0x10' and '5.0' too; whoever writes those in a setting means something else.
    if (!/^-?\d+$/.test(text.trim()) || value < min || value > max) throw new Unreadable(expected);
    return value;
  };
};

function readUrl(text: string): string {
  const trimmed = text.trim();
  const parsed = URL.parse(trimmed);
  if (parsed === null || parsed.hostname === '') throw new Unreadable('must be an absolute URL like http://host:port');
  return trimmed.replace(/\/+$/, '');
}

function readBoolean(text: string): boolean {
  const value = new Map([
    ['true', true],
    ['1', true],
    ['false', false],
    ['0', false],
  ]).get(text.trim());
  if (value === undefined) throw new Unreadable('must be true or false');
  return value;
}

function pick<Word extends string>(words: readonly Word[], text: string): Word {
  const word = words.find((each) => each === text.trim());
  if (word === undefined) throw new Unreadable(`must be one of ${words.join(', ')}`);
  return word;
}

const readList = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

const readJson =
  <Schema extends z.ZodType>(schema: Schema) =>
  (text: string): z.output<Schema> => {
    const result = schema.safeParse(parseJson(text));
    if (result.success) return result.data;
    const places = result.error.issues.map((issue) => `${issue.path.map(String).join('.') || 'the value'} (${issue.code})`);
    throw new Unreadable(`must be JSON of the expected shape; wrong: ${places.join(', ')}`);
  };

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The engine's own message quotes the text.
    throw new Unreadable('must be valid JSON');
  }
}
