import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const CUSTOMER = { email: 'customer@emporium.test', password: 'emporium-customer-development' };
const ADDRESS = { name: 'Ada Lovelace', line1: '12 St James Square', city: 'London', postalCode: 'SW1Y 4JH', country: 'GB' };

interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

/** The shop as its customers have it: through the gateway's port, nothing else. */
export class FrontDoor {
  #token = '';
  #productId = '';

  constructor(private readonly address: string) {}

  async signIn(): Promise<void> {
    const { status, body } = await this.ask<{ accessToken: string }>('POST', '/v1/auth/login', CUSTOMER);
    if (status !== 200) throw new Error(`signing in was answered ${status}`);
    this.#token = body.accessToken;
    const list = await this.look();
    this.#productId = list.body.items[0]?.id ?? '';
  }

  look(): Promise<Answer<{ items: { id: string }[] }>> {
    return this.ask('GET', '/v1/products?limit=20&sort=-price');
  }

  /** Throws unless the answer is a confirmed order at once. */
  async buy(): Promise<void> {
    const order = {
      items: [{ productId: this.#productId, quantity: 1 }],
      shippingAddress: ADDRESS,
      paymentMethod: 'pm_card_visa',
    };
    const { status, body } = await this.ask<{ status: string }>('POST', '/v1/orders', order);
    if (status !== 201 || body.status !== 'confirmed')
      throw new Error(`a purchase was answered ${status} ${JSON.stringify(body)}`);
  }

  /** Buys until it works, with the patience of a customer who tries again. Returns the seconds that took. */
  async buySoon(patienceMs: number): Promise<number> {
    const began = performance.now();
    for (;;) {
      try {
        await this.buy();
        return (performance.now() - began) / 1_000;
      } catch (error) {
        if (performance.now() - began > patienceMs) throw error;
        await sleep(250);
      }
    }
  }

  private async ask<Body>(method: string, path: string, body?: object): Promise<Answer<Body>> {
    const answer = await fetch(`${this.address}${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
        ...(this.#token === '' ? {} : { authorization: `Bearer ${this.#token}` }),
      },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    return { status: answer.status, body: (await answer.json()) as Body };
  }
}

/** A little of everything: lists, and purchases beside them. Throws at the first that is refused. */
export async function smallLoad(shop: FrontDoor, { lists, purchases }: { lists: number; purchases: number }): Promise<void> {
  const inTurn = async (times: number, visit: () => Promise<unknown>) => {
    for (let done = 0; done < times; done += 1) await visit();
  };
  const readers = Array.from({ length: 4 }, () =>
    inTurn(lists / 4, async () => {
      const { status } = await shop.look();
      if (status !== 200) throw new Error(`a list was answered ${status}`);
    }),
  );
  const buyers = Array.from({ length: 2 }, () => inTurn(purchases / 2, () => shop.buy()));
  await Promise.all([...readers, ...buyers]);
}
