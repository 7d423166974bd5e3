import { counter } from '@emporium/telemetry';

const placed = counter('emporium_orders_placed_total', 'Orders accepted, by currency.', ['currency']);
const changed = counter('emporium_orders_changed_total', 'Changes of an order, by the status reached and the cause.', [
  'status',
  'cause',
]);
const revenue = counter('emporium_orders_revenue_minor_total', 'Minor units of confirmed orders, by currency.', ['currency']);

/** Labels stay low-cardinality: never an id, an e-mail or a URL. Those belong in the log line. */
export const orderMetrics = {
  placed: (currency: string) => placed.inc({ currency }),
  changed: (status: string, cause: string) => changed.inc({ status, cause }),
  revenue: (currency: string, minor: number) => revenue.inc({ currency }, minor),
};
