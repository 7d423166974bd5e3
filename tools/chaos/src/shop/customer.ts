import { randomUUID } from 'node:crypto';
import type { CartResponse, OrderResponse } from '@emporium/contracts/order';
import type { Item, Rule } from '../invariants/evidence.ts';
import type { Person } from '../people/person.ts';
import { pause } from '../schedule/pause.ts';
import type { Expectation } from './judge.ts';
import { Purchase, type PurchaseOptions } from './purchase.ts';
import type { Answer, Shop, ShopCall } from './shop.ts';

/** One customer, who knows what he did and looks at every answer with that in mind. Does one thing at a time, but for purchases. */
export class Customer {
  /** What lies in the cart; undefined when an answer was lost and nobody knows. */
  #cart: Map<string, number> | undefined = new Map();
  /** A purchase of the cart that was left open may put its lines back at any time. */
  #isCartLost = false;
  readonly #accepted: Purchase[] = [];

  constructor(
    private readonly shop: Shop,
    readonly person: Person,
  ) {}

  get id(): string {
    return this.person.id;
  }

  /** Purchases that were answered 201 or 202, oldest first. */
  get accepted(): readonly Purchase[] {
    return this.#accepted;
  }

  call<Body>(call: Omit<ShopCall, 'as'>, expected: Expectation): Promise<Answer<Body>> {
    return this.shop.call<Body>({ ...call, as: this.person }, expected);
  }

  /** Buys, and repeats the key until there is a definite answer. */
  async buy(items: readonly Item[] | undefined, options: PurchaseOptions = {}): Promise<Purchase> {
    const purchase = this.purchase(items, options);
    await purchase.run();
    if (purchase.state === 'accepted') this.#accepted.push(purchase);
    return purchase;
  }

  /** For experiments that send its requests themselves. */
  purchase(items: readonly Item[] | undefined, options: PurchaseOptions = {}): Purchase {
    const purchase = new Purchase(this, items, options);
    this.shop.recorder.chapter.purchases.push(purchase);
    return purchase;
  }

  async order(orderId: string): Promise<Answer<OrderResponse>> {
    const path = `/v1/orders/${orderId}`;
    const answer = await this.call<OrderResponse>({ action: 'order', method: 'GET', path }, { statuses: [200], refusals: [404] });
    if (answer.status === 404) this.breach('own-writes-visible', `order ${orderId} was accepted and is not found`);
    if (answer.body !== undefined) this.checkOwner(answer.body, 'order');
    return answer;
  }

  /** Newest first; the newest accepted order has to be among them. */
  async orders(limit = 20): Promise<Answer<{ items: OrderResponse[]; nextCursor: string | null }>> {
    const newest = this.#accepted.at(-1)?.orderId;
    const path = `/v1/orders?limit=${limit}`;
    const answer = await this.call<{ items: OrderResponse[]; nextCursor: string | null }>(
      { action: 'orders', method: 'GET', path },
      { statuses: [200] },
    );
    for (const order of answer.body?.items ?? []) this.checkOwner(order, 'orders');
    const isMissing = newest !== undefined && answer.body?.items.every(({ id }) => id !== newest) === true;
    if (isMissing && this.#accepted.length < limit)
      this.breach('own-writes-visible', `order ${newest} is not in its owner's list`);
    return answer;
  }

  /** Repeats its key until there is a definite answer. Returns the status, or undefined when nobody ever said. */
  async cancel(orderId: string, patienceMs = 60_000, signal?: AbortSignal): Promise<number | undefined> {
    const [key, path] = [randomUUID(), `/v1/orders/${orderId}/cancel`];
    for (const endsAt = Date.now() + patienceMs; Date.now() < endsAt; ) {
      const answer = await this.call<OrderResponse>(
        { action: 'cancel', method: 'POST', path, key },
        { statuses: [200], refusals: [409] },
      );
      if (answer.body !== undefined) {
        this.checkOwner(answer.body, 'cancel');
        if (answer.body.status !== 'cancelled')
          this.breach('own-writes-visible', `cancel of ${orderId} shows it ${answer.body.status}`);
      }
      const isOver = answer.result === 'ok' || (answer.status === 409 && answer.code !== 'in-progress');
      if (isOver || signal?.aborted) return answer.status;
      await pause(answer.retryAfterMs ?? 500);
    }
    return undefined;
  }

  async cart(): Promise<Answer<CartResponse>> {
    const answer = await this.call<CartResponse>({ action: 'cart', method: 'GET', path: '/v1/cart' }, { statuses: [200] });
    if (answer.body !== undefined) this.checkCart(answer.body);
    return answer;
  }

  async put(productId: string, quantity: number): Promise<Answer<CartResponse>> {
    const known = this.#cart;
    this.#cart = undefined;
    const answer = await this.call<CartResponse>(
      { action: 'cart-put', method: 'PUT', path: `/v1/cart/items/${productId}`, body: { quantity } },
      { statuses: [200, 204] },
    );
    if (answer.result === 'ok') this.#cart = known?.set(productId, quantity);
    return answer;
  }

  async clearCart(): Promise<Answer<unknown>> {
    this.#cart = undefined;
    const answer = await this.call({ action: 'cart-clear', method: 'DELETE', path: '/v1/cart' }, { statuses: [200, 204] });
    if (answer.result === 'ok' && !this.#isCartLost) this.#cart = new Map();
    return answer;
  }

  /** Buys the cart. */
  async buyCart(options: PurchaseOptions = {}): Promise<Purchase> {
    this.#cart = undefined;
    const purchase = await this.buy(undefined, options);
    if (purchase.status === 201) this.#cart = new Map();
    else this.#isCartLost = true;
    return purchase;
  }

  checkOwner(order: Pick<OrderResponse, 'id' | 'userId'>, action: string): void {
    if (order.userId !== this.id)
      this.breach('no-foreign-data', `${action}: ${this.id} was shown order ${order.id} of ${order.userId}`);
  }

  breach(rule: Rule, text: string): void {
    this.shop.recorder.chapter.breaches.push({ rule, text });
  }

  private checkCart({ items }: CartResponse): void {
    if (this.#cart === undefined) return;
    const mine = this.#cart;
    for (const { productId } of items) {
      if (!mine.has(productId))
        this.breach('no-foreign-data', `cart of ${this.id} holds ${productId}, which was never put there`);
    }
    for (const [productId, quantity] of mine) {
      const shown = items.find((item) => item.productId === productId)?.quantity;
      if (shown !== quantity) this.breach('own-writes-visible', `cart of ${this.id}: ${productId} is ${shown}, not ${quantity}`);
    }
  }
}
