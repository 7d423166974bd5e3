import { randomUUID } from 'node:crypto';
import { type Call, closedLoop } from '../load/closed-loop.ts';
import type { BenchPlatform } from '../platform/bench-platform.ts';
import { inTurn } from './in-turn.ts';
import type { Scenario } from './scenario.ts';

const READERS = 16;
/** Below the order service's CHECKOUT_CONCURRENCY of 12: the cost is measured, not the line. */
const BUYERS = 8;
/** A password costs tens of milliseconds of a core: more of them at once only wait. */
const SIGNING_IN = 2;

const words = ['kettle', 'lamp', 'chair', 'desk', 'cup', 'bag', 'clock', 'blue', 'oak', 'wool', 'glass', 'pan', 'book', 'knife'];
const sorts = ['newest', 'price', '-price', 'popular'];
/** With the words or the sorts, thousands of questions: no list is kept as long as it takes to come round. */
const prices = Array.from({ length: 997 }, (_, index) => 10_000 + index);
const address = { name: 'Ada Lovelace', line1: '12 St James Square', city: 'London', postalCode: 'SW1Y 4JH', country: 'GB' };

const get = (path: string): Call => ({ method: 'GET', path });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** What `calls` makes is made anew for each platform. */
const atFront = (connections: number, calls: (bench: BenchPlatform) => () => Call): Scenario['open'] => {
  return (bench) => closedLoop({ url: bench.platform.urls.gateway, connections, next: calls(bench) });
};
const pastTheEdge = (calls: (bench: BenchPlatform) => () => Call): Scenario['open'] => {
  return (bench) => closedLoop({ url: bench.through.url, connections: READERS, next: calls(bench) });
};

const catalogue = {
  processes: ['gateway-through', 'product', 'redis', 'postgres'],
  yardstick: 'proxy',
  edge: { gateway: 'gateway-through', answers: false },
};
const carts = { processes: ['gateway', 'order', 'product', 'redis', 'postgres'], countStatements: true };
const accounts = { processes: ['gateway', 'user', 'postgres'], countStatements: true };

const listOf = (filter: string, choices: readonly string[]) =>
  pastTheEdge(() => {
    const [choice, price] = [inTurn(choices), inTurn(prices)];
    return () => get(`/v1/products?limit=20&maxPrice=${price()}&${filter}=${choice()}`);
  });

/** What the shop's customers and its staff do, each request at its own cost. */
export const shopScenarios: readonly Scenario[] = [
  {
    name: 'product-read-edge',
    title: 'product, kept at the edge',
    processes: ['gateway'],
    open: atFront(READERS, ({ scene }) => inTurn(scene.goods.map((id) => get(`/v1/products/${id}`)))),
    yardstick: 'nest',
    edge: { gateway: 'gateway', answers: true },
  },
  {
    name: 'product-read-through',
    title: 'product, by gateway and service, from Redis',
    ...catalogue,
    open: pastTheEdge(({ scene }) => inTurn(scene.catalogue.map((id) => get(`/v1/products/${id}`)))),
  },
  { name: 'list', title: '20 products of a list that nobody asked for lately', ...catalogue, open: listOf('sort', sorts) },
  { name: 'search', title: '20 products of a search that nobody made lately', ...catalogue, open: listOf('q', words) },
  {
    name: 'cart-write',
    title: 'one product into the cart',
    ...carts,
    yardstick: 'order-transaction',
    open: atFront(BUYERS, ({ scene }) => {
      const [headers, product] = [inTurn(scene.customers.map(bearer)), inTurn(scene.goods)];
      return () => ({ method: 'PUT', path: `/v1/cart/items/${product()}`, headers: headers(), body: { quantity: 1 } });
    }),
  },
  {
    name: 'cart-read',
    title: 'the own cart, priced',
    ...carts,
    yardstick: 'proxy',
    open: atFront(BUYERS, ({ scene }) =>
      inTurn(scene.customers.map((token) => ({ ...get('/v1/cart'), headers: bearer(token) }))),
    ),
  },
  {
    name: 'account',
    title: 'the own account',
    ...accounts,
    yardstick: 'proxy',
    open: atFront(BUYERS, ({ scene }) =>
      inTurn(scene.memberTokens.map((token) => ({ ...get('/v1/users/me'), headers: bearer(token) }))),
    ),
  },
  {
    name: 'sign-in',
    title: 'sign-in with a password',
    ...accounts,
    warmUpRequests: 100,
    yardstick: 'order-transaction',
    open: atFront(SIGNING_IN, ({ scene }) => {
      return inTurn(
        scene.members.map(({ email, password }) => ({ method: 'POST', path: '/v1/auth/login', body: { email, password } })),
      );
    }),
  },
  {
    name: 'admin',
    title: '20 orders of everybody, for the staff',
    processes: ['gateway', 'order', 'postgres'],
    countStatements: true,
    yardstick: 'proxy',
    open: atFront(BUYERS, ({ scene }) => () => ({ ...get('/v1/admin/orders?limit=20'), headers: bearer(scene.admin) })),
  },
  {
    name: 'purchase',
    title: 'a purchase of one line, with its events and webhook',
    processes: ['gateway', 'order', 'product', 'payment', 'user', 'simulator', 'redis', 'postgres'],
    countStatements: true,
    settleMs: 500,
    warmUpRequests: 800,
    yardstick: 'order-transaction',
    open: atFront(BUYERS, ({ scene }) => {
      const [customer, product] = [inTurn(scene.customers.map(bearer)), inTurn(scene.goods)];
      return () => ({
        method: 'POST',
        path: '/v1/orders',
        headers: { ...customer(), 'idempotency-key': randomUUID() },
        body: { items: [{ productId: product(), quantity: 1 }], shippingAddress: address, paymentMethod: 'pm_card_visa' },
      });
    }),
  },
];
