import { describe, expect, it } from 'vitest';
import { routes } from '../routing/routes.ts';
import { priorityOf } from './priority-of.ts';

const of = (priority: string) =>
  routes.filter((route) => priorityOf(route) === priority).map(({ method, path }) => `${method} ${path}`);

describe('the priority of a route', () => {
  it('is the highest where money moves', () => {
    expect(of('checkout')).toEqual([
      'POST /v1/orders',
      'POST /v1/orders/:id/cancel',
      'POST /v1/admin/orders/:id/refunds',
      'POST /v1/webhooks/stripe',
    ]);
  });

  it('is that of looking around for what anyone may read', () => {
    expect(of('browse').length).toBeGreaterThanOrEqual(5);
    expect(routes.filter(({ access, method }) => access === 'anyone' && method === 'GET').map(priorityOf)).toEqual(
      of('browse').map(() => 'browse'),
    );
  });

  it('is the lowest for all that the staff reads, and for nothing else', () => {
    const read = routes.filter(({ limit, method }) => limit === 'admin' && method === 'GET');

    expect(of('reports')).toEqual(read.map(({ method, path }) => `${method} ${path}`));
    expect(read.length).toBeGreaterThanOrEqual(7);
  });

  it('is that of an account for the rest: signing in, carts, own orders, and what the staff does', () => {
    for (const known of ['POST /v1/auth/login', 'GET /v1/cart', 'GET /v1/orders/:id', 'POST /v1/admin/orders/:id/ship'])
      expect(of('account')).toContain(known);
  });
});
