import type { Access } from '../auth/access.ts';
import type { LimitClass } from '../limits/limits.ts';

/** Services behind the gateway. */
export const upstreamNames = ['user', 'product', 'order', 'payment'] as const;
export type UpstreamName = (typeof upstreamNames)[number];

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** As Fastify writes it; the service serves the same path. */
  readonly path: string;
  /** `every`: each service has its own part of it. */
  readonly upstream: UpstreamName | 'every';
  readonly access: Access;
  readonly limit: LimitClass;
}

type Line = readonly [method: Route['method'], path: string, upstream: Route['upstream'], access: Access, limit: LimitClass];

/** Everything the public can call. What is not here does not exist for the outside. */
const lines: readonly Line[] = [
  ['POST', '/v1/auth/register', 'user', 'anyone', 'sign-in'],
  ['POST', '/v1/auth/login', 'user', 'anyone', 'sign-in'],
  ['POST', '/v1/auth/refresh', 'user', 'anyone', 'sign-in'],
  ['POST', '/v1/auth/logout', 'user', 'user', 'account'],
  ['GET', '/.well-known/jwks.json', 'user', 'anyone', 'browse'],
  ['GET', '/v1/users/me', 'user', 'user', 'account'],
  ['PATCH', '/v1/users/me', 'user', 'user', 'account'],
  ['POST', '/v1/users/me/password', 'user', 'user', 'sign-in'],
  ['GET', '/v1/users/me/addresses', 'user', 'user', 'account'],
  ['POST', '/v1/users/me/addresses', 'user', 'user', 'account'],
  ['DELETE', '/v1/users/me/addresses/:id', 'user', 'user', 'account'],
  ['GET', '/v1/users/me/sessions', 'user', 'user', 'account'],
  ['DELETE', '/v1/users/me/sessions/:id', 'user', 'user', 'account'],
  ['GET', '/v1/admin/users', 'user', 'staff', 'admin'],
  ['PATCH', '/v1/admin/users/:id', 'user', 'admin', 'admin'],

  ['GET', '/v1/categories', 'product', 'anyone', 'browse'],
  ['GET', '/v1/products', 'product', 'anyone', 'browse'],
  ['GET', '/v1/products/:id', 'product', 'anyone', 'browse'],
  ['GET', '/v1/products/:id/image.svg', 'product', 'anyone', 'browse'],
  ['POST', '/v1/products', 'product', 'admin', 'admin'],
  ['PATCH', '/v1/products/:id', 'product', 'admin', 'admin'],
  ['DELETE', '/v1/products/:id', 'product', 'admin', 'admin'],
  ['POST', '/v1/products/:id/stock-movements', 'product', 'admin', 'admin'],
  ['GET', '/v1/admin/products/:id/inventory', 'product', 'admin', 'admin'],

  ['GET', '/v1/cart', 'order', 'user', 'account'],
  ['DELETE', '/v1/cart', 'order', 'user', 'account'],
  ['PUT', '/v1/cart/items/:productId', 'order', 'user', 'account'],
  ['DELETE', '/v1/cart/items/:productId', 'order', 'user', 'account'],
  ['POST', '/v1/orders', 'order', 'user', 'checkout'],
  ['GET', '/v1/orders', 'order', 'user', 'account'],
  ['GET', '/v1/orders/:id', 'order', 'user', 'account'],
  ['POST', '/v1/orders/:id/cancel', 'order', 'user', 'checkout'],
  ['GET', '/v1/admin/orders', 'order', 'staff', 'admin'],
  ['GET', '/v1/admin/orders/:id', 'order', 'staff', 'admin'],
  ['POST', '/v1/admin/orders/:id/refunds', 'order', 'admin', 'admin'],
  ['POST', '/v1/admin/orders/:id/ship', 'order', 'admin', 'admin'],
  ['POST', '/v1/admin/orders/:id/deliver', 'order', 'admin', 'admin'],
  ['GET', '/v1/admin/reconciliation', 'order', 'admin', 'admin'],
  ['POST', '/v1/admin/reconciliation', 'order', 'admin', 'admin'],

  ['GET', '/v1/admin/payments', 'payment', 'admin', 'admin'],
  ['GET', '/v1/admin/ledger', 'payment', 'admin', 'admin'],
  ['GET', '/v1/admin/ledger/balances', 'payment', 'admin', 'admin'],
  ['GET', '/v1/admin/dead-letters', 'every', 'admin', 'admin'],
  ['POST', '/v1/admin/dead-letters/:id/requeue', 'every', 'admin', 'admin'],

  ['POST', '/v1/webhooks/stripe', 'payment', 'anyone', 'webhook'],
];

export const routes: readonly Route[] = lines.map(([method, path, upstream, access, limit]) => ({
  method,
  path,
  upstream,
  access,
  limit,
}));
