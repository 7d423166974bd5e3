import { raw, type Sql, type Transaction } from '@emporium/postgres';
import { nodesOf, type Plan } from './plan.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The values of a statement, with ids that no row has replaced by ids of rows, where a condition of its plan says of which table. */
export async function withIdsOfRows(tx: Transaction, { values }: Sql, plan: Plan): Promise<unknown[]> {
  const replaced: unknown[] = [];
  for (const value of values) {
    const [first] = Array.isArray(value) ? value : [value];
    const place = typeof first === 'string' && UUID.test(first) ? placeOf(first, plan) : undefined;
    if (place === undefined) replaced.push(value);
    else {
      const ids = await idsOf(tx, place, Array.isArray(value) ? value.length : 1);
      replaced.push(ids.length === 0 ? value : Array.isArray(value) ? ids : ids[0]);
    }
  }
  return replaced;
}

interface Place {
  readonly table: string;
  readonly column: string;
}

/** The column that a node of the plan compares with the id. */
function placeOf(id: string, plan: Plan): Place | undefined {
  const compared = new RegExp(`\\b(\\w+) = (?:ANY \\()?'\\{?(?:[0-9a-f-]+,)*${id}`);
  for (const node of nodesOf(plan)) {
    const table = node['Relation Name'];
    const column = compared.exec([node['Index Cond'], node['Recheck Cond'], node.Filter].join(' '))?.[1];
    if (table !== undefined && column !== undefined) return { table, column };
  }
  return undefined;
}

async function idsOf(tx: Transaction, { table, column }: Place, limit: number): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    raw(`select s.${column}::text as id from ${table} s where s.${column} is not null limit ${limit}`),
  );
  return rows.map(({ id }) => id);
}
