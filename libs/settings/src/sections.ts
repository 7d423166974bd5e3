import type { z } from 'zod';

/** Where a service finds its settings in a file that serves several: in the section `all`, and over it in its own. */
export interface SettingsLayout<Values> {
  /** Name of the service's own section. */
  readonly section: string;
  /** The settings of the service. Every one needs a default: `{}` must be valid. */
  readonly schema: z.ZodType<Values>;
  /** What the section `all` may hold: only what every service knows. Default: nothing. */
  readonly all?: z.ZodType;
  /** Names of the sections of other services, which are not looked into. */
  readonly others?: readonly string[];
}

/** What a file says: the settings, or every mistake in it. */
export type Reading<Values> = { values: Values } | { problems: readonly string[] };

type Tree = Record<string, unknown>;

/** Reads the text of a file. No message repeats a value: a secret may stand in the wrong place. */
export function readSections<Values>(text: string, layout: SettingsLayout<Values>): Reading<Values> {
  const file = parse(text);
  if (!isTree(file)) return { problems: ['the file must be a JSON object of sections'] };

  const { section, schema, others = [] } = layout;
  const own = file[section] === undefined ? {} : file[section];
  const inAll = file.all === undefined ? [] : problemsOfAll(file.all, layout);
  const result = schema.safeParse(isTree(file.all) ? laidOver(file.all, own) : own);
  // What is wrong in `all` is wrong in the sum of both, too; one message is enough.
  const inOwn = result.success || inAll.length > 0 ? [] : problemsIn(section, result.error);
  const problems = [...unknownSections(file, ['all', section, ...others]), ...inAll, ...inOwn];
  return result.success && problems.length === 0 ? { values: result.data } : { problems };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The engine's own message quotes the text; what is no JSON is no object of sections either.
    return undefined;
  }
}

const unknownSections = (file: Tree, known: readonly string[]): string[] =>
  Object.keys(file)
    .filter((name) => !known.includes(name))
    .map((name) => `${name}: there is no such section; there are ${known.join(', ')}`);

function problemsOfAll<Values>(all: unknown, layout: SettingsLayout<Values>): string[] {
  if (layout.all === undefined) return ['all: there are no settings that every service has'];
  const result = layout.all.safeParse(all);
  return result.success ? [] : problemsIn('all', result.error);
}

const problemsIn = (section: string, error: z.ZodError): string[] =>
  error.issues.map(({ path, message }) => `${[section, ...path].map(String).join('.')}: ${message}`);

/** `over` on `under`, object by object; anything else of `over` takes the place of what is below. */
export function laidOver(under: unknown, over: unknown): unknown {
  if (!isTree(under) || !isTree(over)) return over;
  const names = new Set([...Object.keys(under), ...Object.keys(over)]);
  return Object.fromEntries(
    [...names].map((name) => [name, Object.hasOwn(over, name) ? laidOver(under[name], over[name]) : under[name]]),
  );
}

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);
