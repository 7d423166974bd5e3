import type { Replacement } from './planted-bug.ts';

/** Throws when the old text does not stand in the source exactly once: then the code has moved on, and the bug has to follow it. */
export function replace(source: string, { file, old, new: mistake }: Replacement): string {
  const [before, after, ...more] = source.split(old);
  if (before === undefined || after === undefined || more.length > 0) {
    const times = source.split(old).length - 1;
    throw new Error(`A planted bug replaces text that stands ${times} times in ${file}, not once:\n${old.trim()}`);
  }
  return before + mistake + after;
}

/** The mutated text of every file that the replacements touch, by path. */
export function replaceAll(replacements: readonly Replacement[], read: (file: string) => string): Map<string, string> {
  const texts = new Map<string, string>();
  for (const replacement of replacements) {
    const { file } = replacement;
    texts.set(file, replace(texts.get(file) ?? read(file), replacement));
  }
  return texts;
}
