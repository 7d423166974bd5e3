import { hashPassword } from '@emporium/auth';
import type { Filling } from './fill.ts';
import { load, workOf } from './loader.ts';
import { orderFilling } from './order.filling.ts';
import { paymentFilling } from './payment.filling.ts';
import { productFilling } from './product.filling.ts';
import { ProgressBar, type Screen } from './progress.ts';
import type { Size } from './size.ts';
import { userFilling } from './user.filling.ts';

/** Everybody's. */
export const PASSWORD = 'emporium-customer-development';

export type DatabaseName = 'user' | 'product' | 'order' | 'payment';

/** About so many keys, indexes and references has a table. */
const INDEXES = 2.5;

/**
 * Fills the four databases, which are migrated and belong to whom the addresses name, with the same shop: every order has its payment, its
 * ledger and its stock. A database is filled as a whole or not at all; two of them at a time.
 */
export async function fillDatabases(urlOf: (name: DatabaseName) => string, size: Size, screen: Screen): Promise<void> {
  const fillings: Record<DatabaseName, Filling> = {
    order: orderFilling(size),
    payment: paymentFilling(size),
    product: productFilling(size),
    user: userFilling(size, await hashPassword(PASSWORD)),
  };
  const bar = new ProgressBar(
    Object.values(fillings).reduce((sum, filling) => sum + workOf(filling, INDEXES), 0),
    screen,
  );
  const names = Object.keys(fillings) as DatabaseName[];
  const next = async (): Promise<void> => {
    const name = names.shift();
    if (name === undefined) return;
    await load(urlOf(name), size, fillings[name], bar);
    await next();
  };
  // The one that goes on is waited for, whatever became of the other.
  const results = await Promise.allSettled([next(), next()]);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  bar.finish();
}
