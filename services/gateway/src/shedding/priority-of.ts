import type { Priority } from '@emporium/service-defaults';
import type { Route } from '../routing/routes.ts';

/** What a route is worth when not everything can be done. */
export function priorityOf({ limit, method, path }: Pick<Route, 'limit' | 'method' | 'path'>): Priority {
  if (limit === 'checkout' || limit === 'webhook' || path.endsWith('/refunds')) return 'checkout';
  if (limit === 'browse') return 'browse';
  // What the staff reads can wait; what it does moves the goods of customers.
  return limit === 'admin' && method === 'GET' ? 'reports' : 'account';
}
