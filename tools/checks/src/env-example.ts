/** Variable names that a `.env` file mentions, set or commented out (`# NAME=value`), in its order. */
export function variablesIn(text: string): string[] {
  return [...text.matchAll(/^(?:#\s*)?([A-Z][A-Z0-9_]*)=/gm)].map((match) => match[1] ?? '');
}
