import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CartResponse, OrderResponse, ReconciliationResponse, ReconciliationRunResponse } from '@emporium/contracts/order';
import type { LedgerEntryResponse, PaymentResponse } from '@emporium/contracts/payment';
import type { InventoryResponse, ProductResponse } from '@emporium/contracts/product';
import type { TokensResponse } from '@emporium/contracts/user';

/** One answer, whatever its status. */
export interface Answer<Body = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
  readonly text: string;
}

interface Call {
  readonly body?: unknown;
  readonly key?: string;
  readonly headers?: Record<string, string>;
}

export const shippingAddress = {
  name: 'Ada Lovelace',
  line1: '12 St James Square',
  city: 'London',
  postalCode: 'SW1Y 4JH',
  country: 'GB',
};

const BUSY_TRIES = 5;

/** The shop as one person uses it: through the gateway and nothing else. */
export class ShopClient {
  constructor(
    readonly url: string,
    private readonly token?: string,
  ) {}

  /** The header that says who this is, for calls that are not made through this client. */
  authorization = (): Record<string, string> => (this.token === undefined ? {} : { authorization: `Bearer ${this.token}` });

  async call<Body = Record<string, unknown>>(
    method: string,
    path: string,
    { body, key, headers }: Call = {},
  ): Promise<Answer<Body>> {
    const answer = await fetch(this.url + path, {
      method,
      headers: {
        ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, body: (readJson(text) ?? {}) as Body };
  }

  get = <Body = Record<string, unknown>>(path: string) => this.call<Body>('GET', path);

  post = <Body = Record<string, unknown>>(path: string, body?: unknown, key?: string) =>
    this.call<Body>('POST', path, { body, key });

  async signIn(email: string, password: string): Promise<ShopClient> {
    const answer = await this.post<TokensResponse>('/v1/auth/login', { email, password });
    if (answer.status !== 200) throw new Error(`Sign-in was answered ${answer.status}: ${answer.text}`);
    return new ShopClient(this.url, answer.body.accessToken);
  }

  /** A new customer, signed in. */
  async newCustomer(): Promise<ShopClient> {
    const email = `${randomUUID()}@shoppers.test`;
    const password = `a long enough password ${randomUUID()}`;
    const registered = await this.post('/v1/auth/register', { email, password, name: 'A Shopper' });
    if (registered.status !== 201) throw new Error(`Registering was answered ${registered.status}: ${registered.text}`);
    return this.signIn(email, password);
  }

  buy(items: { productId: string; quantity: number }[] | undefined, options: { paymentMethod?: string; key?: string } = {}) {
    const { paymentMethod = 'pm_card_visa', key = randomUUID() } = options;
    return this.post<OrderResponse & { code?: string; orderId?: string }>(
      '/v1/orders',
      { items, shippingAddress, paymentMethod },
      key,
    );
  }

  order = (id: string) => this.read<OrderResponse>(`/v1/orders/${id}`);
  cart = () => this.read<CartResponse>('/v1/cart');

  // What administrators may do and see.

  async newProduct(stock: number, price = 1299): Promise<ProductResponse> {
    const sku = `E2E-${randomUUID()}`;
    const answer = await this.post<ProductResponse>('/v1/products', {
      sku,
      name: `Test piece ${sku}`,
      description: 'Made by a test.',
      category: await this.anyCategory(),
      price: { amount: price, currency: 'EUR' },
      initialStock: stock,
    });
    if (answer.status !== 201) throw new Error(`Creating a product was answered ${answer.status}: ${answer.text}`);
    return answer.body;
  }

  inventory = (productId: string) => this.read<InventoryResponse>(`/v1/admin/products/${productId}/inventory`);

  payments = async (orderId: string) =>
    (await this.read<{ items: PaymentResponse[] }>(`/v1/admin/payments?orderId=${orderId}`)).items;

  ledger = async (orderId: string) =>
    (await this.read<{ entries: LedgerEntryResponse[] }>(`/v1/admin/ledger?limit=100&orderId=${orderId}`)).entries;

  /** Has everything compared that changed since then, and tells what disagrees; a run that the clock began is waited for first. */
  async reconcile(since: Date): Promise<ReconciliationResponse> {
    for (;;) {
      const begun = await this.post<ReconciliationRunResponse>('/v1/admin/reconciliation', { since, graceSeconds: 0 });
      if (begun.status !== 202) throw new Error(`A reconciliation was answered ${begun.status}: ${begun.text}`);
      const { id, trigger } = begun.body;
      const standing = await this.reconciled(id);
      if (trigger === 'request') return standing;
    }
  }

  /** What is there to be read. A shop that is busy says when to come back, and is asked again then. */
  private async read<Body>(path: string): Promise<Body> {
    for (let left = BUSY_TRIES; ; left -= 1) {
      const { status, headers, body, text } = await this.get<Body>(path);
      if (status === 200) return body;
      const retryAfter = headers.get('retry-after');
      if (status !== 503 || retryAfter === null || left === 1) throw new Error(`GET ${path} was answered ${status}: ${text}`);
      await sleep(Number(retryAfter) * 1_000);
    }
  }

  private async reconciled(runId: string): Promise<ReconciliationResponse> {
    for (;;) {
      const { body } = await this.get<ReconciliationResponse>('/v1/admin/reconciliation?limit=100');
      if (body.last?.id === runId) return body;
      if (body.current?.id !== runId) throw new Error(`Run ${runId} is neither under way nor the last one.`);
      await sleep(100);
    }
  }

  private async anyCategory(): Promise<string> {
    const { body } = await this.get<{ items: { slug: string }[] }>('/v1/categories');
    const slug = body.items[0]?.slug;
    if (slug === undefined) throw new Error('The shop has no categories.');
    return slug;
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the caller looks at the text
  }
}
