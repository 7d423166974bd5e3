import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { Mistakes } from './arguments.ts';

export interface Wanted<Schema extends z.ZodType> {
  readonly file: string;
  readonly schema: Schema;
  /** What it is taken to hold when there is no such file. */
  readonly otherwise?: unknown;
}

/** Reads several JSON files, and raises everything that is wrong with any of them at once. */
export function readFiles<Schemas extends Record<string, z.ZodType>>(
  wanted: {
    [Name in keyof Schemas]: Wanted<Schemas[Name]>;
  },
): { [Name in keyof Schemas]: z.infer<Schemas[Name]> } {
  const mistakes: string[] = [];
  const entries = Object.entries(wanted).map(([name, { file, schema, otherwise }]: [string, Wanted<z.ZodType>]) => {
    const result = schema.safeParse(existsSync(file) || otherwise === undefined ? contentOf(file, mistakes) : otherwise);
    if (!result.success && result.error !== undefined && !mistakes.some((mistake) => mistake.startsWith(`${file}: `))) {
      mistakes.push(...result.error.issues.map(({ path, message }) => `${file}: ${[...path.map(String), message].join(': ')}`));
    }
    return [name, result.data] as const;
  });
  if (mistakes.length > 0) throw new Mistakes(mistakes);
  return Object.fromEntries(entries) as { [Name in keyof Schemas]: z.infer<Schemas[Name]> };
}

function contentOf(file: string, mistakes: string[]): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    mistakes.push(`${file}: there is no such file.`);
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    mistakes.push(`${file}: not JSON (${error instanceof Error ? error.message : error}).`);
    return undefined;
  }
}
