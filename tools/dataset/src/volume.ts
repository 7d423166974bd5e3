import { exclusively } from '@emporium/postgres';
import type { DatabaseName } from './dataset.ts';
import { DAYS_OF_RESERVATIONS, firstOrderWithin, type Size } from './size.ts';

export interface Volume {
  /** Of each database, indexes included. */
  readonly bytes: Readonly<Record<DatabaseName, number>>;
  /** What one more order takes while its reservation is kept: rows and indexes, freshly made and so without gaps. */
  readonly bytesPerOrder: number;
}

const OF_ORDERS: readonly (readonly [DatabaseName, string])[] = [
  ['order', 'orders'],
  ['order', 'order_lines'],
  ['order', 'order_history'],
  ['payment', 'payments'],
  ['payment', 'refunds'],
  ['payment', 'ledger_transactions'],
  ['payment', 'ledger_entries'],
];
const OF_RESERVATIONS: readonly (readonly [DatabaseName, string])[] = [
  ['product', 'reservations'],
  ['product', 'reservation_lines'],
];

export async function volumeOf(urlOf: (name: DatabaseName) => string, size: Size): Promise<Volume> {
  const ask = (name: DatabaseName, question: string) =>
    exclusively(urlOf(name), async (client) => Number((await client.query<{ bytes: string }>(question)).rows[0]?.bytes ?? 0));
  const databaseBytes = (name: DatabaseName) => ask(name, 'select pg_database_size(current_database()) as bytes');
  const sum = async (tables: typeof OF_ORDERS): Promise<number> => {
    let bytes = 0;
    for (const [name, table] of tables) bytes += await ask(name, `select pg_total_relation_size('${table}') as bytes`);
    return bytes;
  };
  const late = size.orders - firstOrderWithin(size, DAYS_OF_RESERVATIONS) + 1;
  return {
    bytes: {
      user: await databaseBytes('user'),
      product: await databaseBytes('product'),
      order: await databaseBytes('order'),
      payment: await databaseBytes('payment'),
    },
    bytesPerOrder: Math.round((await sum(OF_ORDERS)) / size.orders + (await sum(OF_RESERVATIONS)) / late),
  };
}
