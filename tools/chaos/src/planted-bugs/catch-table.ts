import type { Catch, HuntResult } from './hunt.ts';

const HEAD = ['planted bug', 'caught by', 'rule', 'took', 'what was seen'];
const MOST_SHOWN = 120;

/** For people: one line for each bug, and how many were caught. */
export function catchTable({ catches }: HuntResult): string {
  const rows = [HEAD, ...catches.map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const caught = catches.filter(({ by }) => by !== undefined).length;
  return ['', ...lines, '', `${caught} of ${catches.length} planted bugs were caught.`].join('\n');
}

function rowOf({ bug, by, tookMs }: Catch): string[] {
  const took = `${(tookMs / 1_000).toFixed(0)} s`;
  if (by === undefined) return [bug.id, 'NOTHING', '', took, ''];
  const { rule, places } = by.violation;
  const [seen = ''] = places[0]?.split('\n') ?? [];
  return [bug.id, by.experiment, rule, took, seen.length > MOST_SHOWN ? `${seen.slice(0, MOST_SHOWN)}…` : seen];
}
