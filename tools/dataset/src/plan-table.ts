/** A line of the report that `@emporium/testing` writes, as far as it is shown here. */
export interface ReportedPlan {
  readonly test: string;
  readonly mode: string;
  readonly statement: string;
  readonly nodes: readonly string[];
  readonly expectedRows: number;
  readonly rows?: number;
  readonly pages?: number;
  readonly milliseconds?: number;
}

const HEAD = ['statement of', 'plan', 'index only', 'rows', 'pages', 'ms'];

/** What touches data; joins, sorts and limits only say what became of it. */
const touches = (node: string): boolean => / Scan/.test(node) && !/^(Function|Values|CTE|Subquery|WorkTable) Scan/.test(node);

/** A row for each statement, and a second one where the plan for any values differs from the one for these. */
export function planTable(plans: readonly ReportedPlan[]): string {
  const seen = new Set<string>();
  const rows = plans.flatMap((plan) => {
    const row = rowOf(plan);
    const key = `${row[0]}\n${plan.statement}\n${row[1]}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [row];
  });
  const table = [HEAD, ...rows];
  const widths = HEAD.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table
    .map((row) =>
      row
        .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function rowOf({ test, nodes, rows, pages, milliseconds }: ReportedPlan): string[] {
  const scans = nodes.filter(touches);
  const figure = (value: number | undefined, digits = 0) => value?.toFixed(digits) ?? '–';
  const isIndexOnly = scans.length > 0 && scans.every((scan) => scan.startsWith('Index Only Scan'));
  return [
    nameOf(test),
    scans.map(shortened).join(', ') || 'no table',
    isIndexOnly ? 'yes' : 'no',
    figure(rows),
    figure(pages),
    figure(milliseconds, 2),
  ];
}

/** `service: what it does`, of the name of a test. */
function nameOf(test: string): string {
  const parts = test.split(' > ');
  return (parts.at(-1) ?? test).replace(/ without reading a whole table$/, '').replace(/^read no whole table for /, 'list ');
}

const shortened = (scan: string): string =>
  scan
    .replace(/^Bitmap (Heap|Index) Scan/, 'bitmap')
    .replace(/^Index Only Scan/, 'only')
    .replace(/^Index Scan/, 'index');
