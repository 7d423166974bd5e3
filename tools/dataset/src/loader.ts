import { exclusively, type OwnerSession } from '@emporium/postgres';
import type { Fill, Filling } from './fill.ts';
import { functionsFor } from './functions.ts';
import type { Progress } from './progress.ts';
import type { Size } from './size.ts';

const PART = 50_000;
/** An index costs about as much as half the rows of its table. */
const INDEX_WEIGHT = 0.5;

/** A key, an index or a reference that is away while rows come in: to make it afterwards takes a fraction of the time, and checks every row. */
interface Structure {
  readonly table: string;
  readonly drop: string;
  readonly make: string;
}

export const weightOf = ({ from, to, rowsEach }: Fill): number => (to - from + 1) * rowsEach;

/** Fills one database as the owner of its schema, all of it or nothing, and tells the planner. Raises when it was filled before. */
export function load(url: string, size: Size, filling: Filling, progress: Progress): Promise<void> {
  return exclusively(url, async (client) => {
    await client.query(functionsFor(size));
    await client.query('create temporary table sales (product int8, late int8, earlier int8)');
    const { rowCount } = await client.query(filling.isFilled);
    if (rowCount !== 0) throw new Error(`${new URL(url).pathname.slice(1)} was filled before.`);

    const tables = filling.fills.map(({ table }) => table).filter((table) => !table.startsWith('pg_temp.'));
    await client.query('begin');
    await client.query(
      `set local maintenance_work_mem = '256MB'; set local work_mem = '128MB'; set local synchronous_commit = off`,
    );
    const structures = await structuresOf(client, tables);
    // References first: they hold on to the keys they point at.
    for (const { drop } of structures.toReversed()) await client.query(drop);
    for (const table of tables) await client.query(`alter table ${table} disable trigger user`);
    for (const fill of filling.fills) await insert(client, fill, progress);
    for (const table of tables) await client.query(`alter table ${table} enable trigger user`);
    for (const { table, make } of structures) {
      await client.query(make);
      progress.advance(INDEX_WEIGHT * weightOfTable(filling, table), `index of ${table}`);
    }
    await client.query('commit');
    for (const table of tables) {
      await client.query(`vacuum (analyze) ${table}`);
      progress.advance(INDEX_WEIGHT * weightOfTable(filling, table), `analyze ${table}`);
    }
  });
}

async function insert(client: OwnerSession, { table, from, to, statement, rowsEach, part = PART }: Fill, progress: Progress) {
  for (let first = from; first <= to; first += part) {
    const last = Math.min(to, first + part - 1);
    await client.query(statement.replaceAll(':from', String(first)).replaceAll(':to', String(last)));
    progress.advance((last - first + 1) * rowsEach, table);
  }
}

const weightOfTable = ({ fills }: Filling, table: string): number => {
  const fill = fills.find((each) => each.table === table);
  return fill === undefined ? 0 : weightOf(fill);
};

/** Keys first, then indexes, then references. */
async function structuresOf(client: OwnerSession, tables: readonly string[]): Promise<Structure[]> {
  const { rows } = await client.query<Structure>(
    `select c.conrelid::regclass::text as table,
            format('alter table %s drop constraint %I', c.conrelid::regclass, c.conname) as drop,
            format('alter table %s add constraint %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid)) as make
       from pg_constraint c
      where c.contype in ('p', 'u') and c.conrelid = any($1::regclass[])
     union all
     select * from (
       select i.indrelid::regclass::text, format('drop index %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
         from pg_index i
        where i.indrelid = any($1::regclass[]) and not exists (select from pg_constraint c where c.conindid = i.indexrelid and c.contype in ('p', 'u'))
        order by 2) indexes
     union all
     select c.conrelid::regclass::text, format('alter table %s drop constraint %I', c.conrelid::regclass, c.conname),
            format('alter table %s add constraint %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
       from pg_constraint c
      where c.contype = 'f' and (c.conrelid = any($1::regclass[]) or c.confrelid = any($1::regclass[]))`,
    [tables],
  );
  return rows;
}

/** All that `load` will report, for the bar. */
export const workOf = ({ fills }: Filling, indexes: number): number =>
  fills.reduce((sum, fill) => sum + weightOf(fill) * (1 + INDEX_WEIGHT * (indexes + 1)), 0);
