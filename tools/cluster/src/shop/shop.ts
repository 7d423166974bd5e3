import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../cluster/cluster.ts';
import { run } from '../command.ts';
import { ADDRESS, type Visited } from '../inside/visit.ts';
import { sendVisitors } from './visitors.ts';

const ASK = new URL('../inside/ask.ts', import.meta.url).pathname;
// The development accounts, as components/development-data makes them.
const ADMIN = { email: 'admin@emporium.test', password: 'emporium-admin-development' };
const CUSTOMER = { email: 'customer@emporium.test', password: 'emporium-customer-development' };
const PATIENCE_MS = 90_000;

// biome-ignore lint/suspicious/noExplicitAny: the answers are those of the public contract, each another one
type Body = any;

/** The shop as its customers and its administrator see it: through the gateway. */
export class Shop {
  private readonly cluster: Cluster;
  private readonly address: string;

  constructor(cluster: Cluster, address: string) {
    this.cluster = cluster;
    this.address = address;
  }

  async ask(method: string, path: string, options: { token?: string; body?: unknown; key?: string } = {}) {
    const { token, body, key } = options;
    const headers = {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    };
    const question = {
      url: `${this.address}${path}`,
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    };
    const [command, ...args] = this.cluster.inside([process.execPath, ASK]);
    const answer = JSON.parse(await run(command, args, { input: JSON.stringify(question), timeoutMs: 30_000 })) as {
      status: number;
      body: string;
    };
    return { status: answer.status, body: parsed(answer.body) };
  }

  async must(expected: number, method: string, path: string, options = {}): Promise<Body> {
    const { status, body } = await this.ask(method, path, options);
    if (status !== expected) throw new Error(`${method} ${path} answered ${status}: ${JSON.stringify(body).slice(0, 300)}`);
    return body;
  }

  signIn = async (account: typeof ADMIN): Promise<string> =>
    (await this.must(200, 'POST', '/v1/auth/login', { body: account })).accessToken;

  customer = () => this.signIn(CUSTOMER);

  async newProduct(units: number): Promise<string> {
    const body = {
      sku: `CLUSTER-${randomUUID().slice(0, 8).toUpperCase()}`,
      name: 'A kettle for the cluster',
      description: 'Made by tools/cluster.',
      category: (await this.must(200, 'GET', '/v1/categories')).items[0].slug,
      price: { amount: 1299, currency: 'EUR' },
      initialStock: units,
    };
    return (await this.must(201, 'POST', '/v1/products', { token: await this.signIn(ADMIN), body })).id;
  }

  async buy(token: string, product: string): Promise<Body> {
    const body = { items: [{ productId: product, quantity: 1 }], shippingAddress: ADDRESS, paymentMethod: 'pm_card_visa' };
    return this.must(201, 'POST', '/v1/orders', { token, body, key: randomUUID() });
  }

  async visitors(rate: number, seconds: number): Promise<Visited> {
    const [token, product] = [await this.customer(), await this.newProduct(1_000_000)];
    return sendVisitors(this.cluster, { address: this.address, token, product, rate, seconds });
  }

  /** What the shop's own reconciliation finds about everything since then, once nothing is pending any more; undefined if it cannot say. */
  async differences(since: Date): Promise<string[]> {
    const token = await this.signIn(ADMIN);
    const end = Date.now() + PATIENCE_MS;
    let found: string[] = ['the comparison has not ended'];
    while (found.length > 0 && Date.now() < end) {
      found = await this.compare(token, since);
      if (found.length > 0) await sleep(2_000);
    }
    return found;
  }

  private async compare(token: string, since: Date): Promise<string[]> {
    const pending = (await this.must(200, 'GET', '/v1/admin/orders?status=pending&limit=100', { token })).items.length;
    if (pending > 0) return [`${pending} orders are pending`];
    const body = { since: since.toISOString(), graceSeconds: 0 };
    const begun = await this.must(202, 'POST', '/v1/admin/reconciliation', { token, body });
    for (let tries = 0; tries < 30; tries += 1) {
      const { items, last } = await this.must(200, 'GET', '/v1/admin/reconciliation?limit=100', { token });
      if (last?.id === begun.id) {
        const failed =
          last.status === 'succeeded' && last.trigger === 'request' ? [] : [`the run ${last.status} (${last.trigger})`];
        return [...failed, ...items.map((item: Body) => `${item.part} ${item.kind} ${item.subjectId} (${item.state})`)];
      }
      await sleep(1_000);
    }
    return ['the comparison has not ended'];
  }
}

function parsed(text: string): Body {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
