import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { ROOT, textOf } from './repository.ts';

/** A test that a document names: `[title](path to the spec)`. */
export interface Proof {
  readonly title: string;
  readonly file: string;
}

const LINK = /\[((?:[^[\]]|\[[^\]]*\])+)\]\(([^()\s]+\.spec\.ts)\)/g;

/** The tests that a Markdown text names; `from` is the folder its links begin at. */
export const proofsIn = (markdown: string, from: string): Proof[] =>
  [...markdown.matchAll(LINK)].map(([, title = '', path = '']) => ({ title, file: normalize(join(from, path)) }));

/** The tests a document names that are not there, or are called otherwise by now. */
export function missingProofs(document: string, root = ROOT): string[] {
  return proofsIn(textOf(document, root), dirname(document))
    .filter(({ title, file }) => !existsSync(join(root, file)) || !hasTest(textOf(file, root), title))
    .map(({ title, file }) => `${file}: ${title}`);
}

/** Rows of the tables of a Markdown text, without their heads, as cells. */
export function rowsIn(markdown: string): string[][] {
  const lines = markdown.split('\n').filter((line) => line.startsWith('|'));
  return lines
    .filter((line, index) => !isRule(line) && !isRule(lines[index + 1] ?? ''))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

const isRule = (line: string): boolean => /^\|[\s|:-]+\|$/.test(line);

/** The title as the first text of an `it`, or of what an `it.each` gives back. */
function hasTest(source: string, title: string): boolean {
  const escaped = title.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll("'", "\\\\?'");
  return new RegExp(`\\(\\s*(['"\`])${escaped}\\1\\s*,`).test(source);
}
