import { createHash } from 'node:crypto';
import sql, { bulk, empty, join, raw, Sql } from 'sql-template-tag';

export { bulk, empty, join, raw, Sql, sql };

/** Statement texts a process may keep prepared. A service has some hundred; a text built in a loop must not fill the server's memory. */
export const maxPreparedTexts = 1_000;

const names = new Map<string, string>();

/** Name under which a text is prepared on every connection, or undefined when the process has too many different texts already. */
export function statementName(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined) return known;
  if (names.size >= maxPreparedTexts) return undefined;

  // 24 hex digits = 96 bits: two texts of one process never meet, and the name stays far below Postgres' 63 bytes.
  const name = `emporium_${createHash('sha256').update(text).digest('hex').slice(0, 24)}`;
  names.set(text, name);
  return name;
}
