import { randomUUID } from 'node:crypto';
import { type RawAnswer, type RawRequest, send } from './raw.request.ts';
import { type ShopClient, shippingAddress } from './shop.client.ts';

/** One line of the contract: who may call what, and a body that would be right. */
export interface ContractRoute {
  readonly who: 'anyone' | 'user' | 'staff' | 'admin';
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** As OpenAPI writes it. */
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly needsKey?: true;
  /** Takes `?limit=&cursor=`. */
  readonly isList?: true;
}

const uuid = 'b4f4c7b4-26b1-4d27-9a0c-0f7d8a3f2c11';
const price = { amount: 1299, currency: 'EUR' };
const password = 'a long enough password';

export const contractRoutes: readonly ContractRoute[] = [
  { who: 'anyone', method: 'POST', path: '/v1/auth/register', body: { email: 'a@shoppers.test', password, name: 'A' } },
  { who: 'anyone', method: 'POST', path: '/v1/auth/login', body: { email: 'a@shoppers.test', password, code: '123456' } },
  { who: 'anyone', method: 'POST', path: '/v1/auth/refresh', body: { refreshToken: 'unknown' } },
  { who: 'user', method: 'POST', path: '/v1/auth/logout' },
  { who: 'anyone', method: 'GET', path: '/.well-known/jwks.json' },
  { who: 'user', method: 'GET', path: '/v1/users/me' },
  { who: 'user', method: 'PATCH', path: '/v1/users/me', body: { name: 'A' } },
  { who: 'user', method: 'POST', path: '/v1/users/me/password', body: { currentPassword: password, newPassword: password } },
  { who: 'user', method: 'GET', path: '/v1/users/me/addresses', isList: true },
  { who: 'user', method: 'POST', path: '/v1/users/me/addresses', body: { ...shippingAddress, line2: 'Second floor' } },
  { who: 'user', method: 'DELETE', path: '/v1/users/me/addresses/{id}' },
  { who: 'user', method: 'GET', path: '/v1/users/me/sessions', isList: true },
  { who: 'user', method: 'DELETE', path: '/v1/users/me/sessions/{id}' },
  { who: 'staff', method: 'GET', path: '/v1/admin/users', isList: true },
  { who: 'admin', method: 'PATCH', path: '/v1/admin/users/{id}', body: { role: 'support' } },

  { who: 'anyone', method: 'GET', path: '/v1/categories', isList: true },
  { who: 'anyone', method: 'GET', path: '/v1/products', isList: true },
  { who: 'anyone', method: 'GET', path: '/v1/products/{id}' },
  { who: 'anyone', method: 'GET', path: '/v1/products/{id}/image.svg' },
  {
    who: 'admin',
    method: 'POST',
    path: '/v1/products',
    body: { sku: 'S', name: 'N', description: 'D', category: 'c', price, initialStock: 1, imageUrl: '/x.svg' },
  },
  { who: 'admin', method: 'PATCH', path: '/v1/products/{id}', body: { name: 'N', description: 'D', category: 'c', price } },
  { who: 'admin', method: 'DELETE', path: '/v1/products/{id}' },
  { who: 'admin', method: 'POST', path: '/v1/products/{id}/stock-movements', body: { quantity: 1, reason: 'R' } },
  { who: 'admin', method: 'GET', path: '/v1/admin/products/{id}/inventory' },

  { who: 'user', method: 'GET', path: '/v1/cart' },
  { who: 'user', method: 'DELETE', path: '/v1/cart' },
  { who: 'user', method: 'PUT', path: '/v1/cart/items/{productId}', body: { quantity: 1 } },
  { who: 'user', method: 'DELETE', path: '/v1/cart/items/{productId}' },
  {
    who: 'user',
    method: 'POST',
    path: '/v1/orders',
    body: { items: [{ productId: uuid, quantity: 1 }], shippingAddress, paymentMethod: 'pm_card_visa' },
    needsKey: true,
  },
  { who: 'user', method: 'GET', path: '/v1/orders', isList: true },
  { who: 'user', method: 'GET', path: '/v1/orders/{id}' },
  { who: 'user', method: 'POST', path: '/v1/orders/{id}/cancel', needsKey: true },
  { who: 'staff', method: 'GET', path: '/v1/admin/orders', isList: true },
  { who: 'staff', method: 'GET', path: '/v1/admin/orders/{id}' },
  {
    who: 'admin',
    method: 'POST',
    path: '/v1/admin/orders/{id}/refunds',
    body: { amount: price, reason: 'R' },
    needsKey: true,
  },
  { who: 'admin', method: 'POST', path: '/v1/admin/orders/{id}/ship' },
  { who: 'admin', method: 'POST', path: '/v1/admin/orders/{id}/deliver' },
  { who: 'admin', method: 'GET', path: '/v1/admin/reconciliation', isList: true },
  {
    who: 'admin',
    method: 'POST',
    path: '/v1/admin/reconciliation',
    body: { since: '2026-01-01T00:00:00.000Z', graceSeconds: 60 },
  },

  { who: 'admin', method: 'GET', path: '/v1/admin/payments', isList: true },
  { who: 'admin', method: 'GET', path: '/v1/admin/ledger', isList: true },
  { who: 'admin', method: 'GET', path: '/v1/admin/ledger/balances' },

  { who: 'admin', method: 'GET', path: '/v1/admin/dead-letters', isList: true },
  { who: 'admin', method: 'POST', path: '/v1/admin/dead-letters/{id}/requeue' },
];

export const json = { 'content-type': 'application/json' };

/** For `it.each`: the route, and before it how a person would call it. */
export const byName = <Route extends ContractRoute>(routes: readonly Route[]) =>
  routes.map((route) => [`${route.method} ${route.path}`, route] as const);

/** The path with an id in it; one of nothing that exists unless another is given. */
export const pathTo = ({ path }: Pick<ContractRoute, 'path'>, id = uuid) => path.replace(/\{\w+\}/, id);

/** Calls routes as one person, with a fresh key where one is needed. */
export const callerOf =
  (person: ShopClient) =>
  (route: ContractRoute, changes: Partial<RawRequest> = {}): Promise<RawAnswer> => {
    const key: Record<string, string> = route.needsKey ? { 'idempotency-key': randomUUID() } : {};
    const headers = { ...person.authorization(), ...key, ...changes.headers };
    return send({ method: route.method, path: pathTo(route), ...changes, headers });
  };
