import { createHmac, randomUUID } from 'node:crypto';
import type { OrderResponse } from '@emporium/contracts/order';
import type { ProductResponse } from '@emporium/contracts/product';
import type { Column } from './degradation.rows.ts';
import type { DegradedPlatform } from './degraded.platform.ts';
import type { Answer, ShopClient } from './shop.client.ts';

export interface Probed extends Answer {
  readonly column: Column;
  readonly ms: number;
}

/** Each group of routes, asked as a customer, an administrator and the provider would. */
export class Probes {
  /** Keys of the purchases so far. */
  readonly keys: string[] = [];

  private constructor(
    private readonly anyone: ShopClient,
    readonly customer: ShopClient,
    readonly admin: ShopClient,
    readonly product: ProductResponse,
    private readonly unread: string[],
  ) {}

  static async of({ anyone }: DegradedPlatform): Promise<Probes> {
    const admin = await anyone.signIn('admin@emporium.test', 'emporium-admin-development');
    const customer = await anyone.newCustomer();
    const product = await admin.newProduct(10_000);
    await customer.call('PUT', `/v1/cart/items/${product.id}`, { body: { quantity: 1 } });
    const unread: string[] = [];
    for (let next = '/v1/products?limit=100'; unread.length < 900; ) {
      const { items, nextCursor } = (await anyone.get<{ items: { id: string }[]; nextCursor: string }>(next)).body;
      unread.push(...items.map(({ id }) => id).filter((id) => id !== product.id));
      next = `/v1/products?limit=100&cursor=${nextCursor}`;
    }
    return new Probes(anyone, customer, admin, product, unread);
  }

  browse(): Promise<Probed[]> {
    const { id, imageUrl } = this.product;
    const paths = [`/v1/products/${id}`, '/v1/products?limit=3', '/v1/products?q=kettle', '/v1/categories', imageUrl];
    return Promise.all(paths.map((path) => timed('browse', () => this.anyone.get(path))));
  }

  buy(key: string = randomUUID()): Promise<Answer<OrderResponse>> {
    if (!this.keys.includes(key)) this.keys.push(key);
    return this.customer.buy([{ productId: this.product.id, quantity: 1 }], { key });
  }

  cancel = (orderId: string): Promise<Probed> =>
    timed('cancel', () => this.customer.post(`/v1/orders/${orderId}/cancel`, undefined, randomUUID()));

  ready = (): Promise<Probed> => timed('ready', () => this.anyone.get('/ready'));

  /** All groups at once, but for the cancellation, which needs an order of its own. */
  async all(): Promise<Probed[]> {
    const hook = webhook();
    const [browsed, ...others] = await Promise.all([
      this.browse(),
      timed('unread', () => this.anyone.get(`/v1/products/${this.unread.pop()}`)),
      timed('signIn', () => this.anyone.post('/v1/auth/login', login)),
      timed('account', () => this.customer.get('/v1/users/me')),
      timed('cart', () => this.customer.get('/v1/cart')),
      timed('orders', () => this.customer.get('/v1/orders')),
      timed('buy', () => this.buy()),
      timed('payments', () => this.admin.get('/v1/admin/payments?limit=1')),
      timed('webhook', () => this.anyone.call('POST', '/v1/webhooks/stripe', hook)),
    ]);
    return [...browsed, ...others];
  }
}

// The development account and secret; the simulator signs with the secret too.
const login = { email: 'customer@emporium.test', password: 'emporium-customer-development' };
const secret = 'whsec_development';

async function timed(column: Column, call: () => Promise<Answer<object>>): Promise<Probed> {
  const began = performance.now();
  const answer = await call();
  return { ...answer, body: answer.body as Record<string, unknown>, column, ms: performance.now() - began };
}

/** News of the provider about an order that is not the shop's: it has to look. */
function webhook(): { body: unknown; headers: Record<string, string> } {
  const at = Math.floor(Date.now() / 1000);
  const object = {
    ...{ id: 'pi_1', object: 'payment_intent', amount: 100, currency: 'eur', status: 'requires_payment_method' },
    metadata: { order_id: randomUUID() },
    last_payment_error: { code: 'card_declined' },
  };
  const body = {
    ...{
      id: `evt_${randomUUID()}`,
      object: 'event',
      api_version: '2026-10-28',
      created: at,
      type: 'payment_intent.payment_failed',
    },
    data: { object },
    livemode: false,
  };
  const signature = createHmac('sha256', secret)
    .update(`${at}.${JSON.stringify(body)}`)
    .digest('hex');
  return { body, headers: { 'stripe-signature': `t=${at},v1=${signature}` } };
}
