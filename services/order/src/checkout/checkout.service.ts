import { randomUUID } from 'node:crypto';
import { Slots } from '@emporium/admission';
import type { PlaceOrderRequest } from '@emporium/contracts/order';
import { fingerprint, Idempotency, inProgress, type StoredAnswer } from '@emporium/idempotency';
import { Postgres, type Sql, type Transaction } from '@emporium/postgres';
import { LOGGER } from '@emporium/service-defaults';
import { type Logger, regardlessOfDeadline } from '@emporium/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import { cartChanged } from '../carts/cart.errors.ts';
import { CartService } from '../carts/cart.service.ts';
import { notOnSale, orderIsEmpty } from '../orders/order.errors.ts';
import { orderMetrics } from '../orders/order.metrics.ts';
import { OrderService } from '../orders/order.service.ts';
import { addUp, type Order, placeOrder } from '../orders/order.ts';
import type { KeptAnswer, ToldAnswer } from '../orders/repeatable.answer.ts';
import { ProductClient } from '../products/product.client.ts';
import { checkoutBusy } from './checkout.errors.ts';
import { CHECKOUT_SETTINGS, type CheckoutSettings } from './checkout.settings.ts';
import { OrderSaga } from './order.saga.ts';
import { withinPatience } from './patience.ts';

interface Purchase {
  readonly userId: string;
  readonly key: string;
  readonly request: PlaceOrderRequest;
  /** Makes the answer of an order as it stands; the answer is stored with the key. */
  readonly present: (order: Order) => KeptAnswer;
}

@Injectable()
export class CheckoutService {
  private readonly slots: Slots;

  constructor(
    private readonly postgres: Postgres,
    private readonly idempotency: Idempotency,
    private readonly orders: OrderService,
    private readonly carts: CartService,
    private readonly products: ProductClient,
    private readonly saga: OrderSaga,
    @Inject(CHECKOUT_SETTINGS) private readonly settings: CheckoutSettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.slots = new Slots({
      get size() {
        return settings.concurrency;
      },
      get maxWaiting() {
        return settings.maxWaiting;
      },
      full: checkoutBusy,
      late: checkoutBusy,
    });
  }

  async place(purchase: Purchase): Promise<ToldAnswer> {
    return withinPatience(this.settings.patienceMs, async () => {
      const lineEndsAt = Date.now() + this.settings.lineMs;
      const accepted = await this.slots.run(() => this.accept(purchase), lineEndsAt);
      return 'order' in accepted ? this.finish(purchase, accepted.order) : accepted;
    });
  }

  /** The answer this key had before, or a stored order. In a line of its own: whoever cannot be stored in time is told so, and owes nothing. */
  private async accept(purchase: Purchase): Promise<ToldAnswer | { order: Order }> {
    const known = await this.answerBefore(purchase);
    if (known !== undefined) return known;
    try {
      return { order: await this.store(purchase) };
    } catch (error) {
      // A request with the same key that was quicker may have caused this, by emptying the cart: then its answer counts.
      const told = await this.answerBefore(purchase);
      if (told === undefined) throw error;
      return told;
    }
  }

  /** What was told to an earlier request with this key. An order whose process died before it answered tells how far it is. */
  private async answerBefore(purchase: Purchase): Promise<ToldAnswer | undefined> {
    const known = await this.idempotency.look(this.postgres, scopeOf(purchase), purchase.key, fingerprint(purchase.request));
    if (known.kind === 'new') return undefined;
    if (known.kind === 'done') return { status: known.status, body: known.body, replayed: true };
    const order = known.resourceId && (await this.orders.find(known.resourceId));
    // Who still works on an order that has come to its end has nothing more to say of it.
    if (!order || (known.kind === 'started' && order.status === 'pending')) throw inProgress();
    return { ...(await this.remember(purchase, purchase.present(order))), replayed: true };
  }

  /** All or nothing: the key, the emptied cart, and the order with the time at which others finish it, should this process die. */
  private async store(purchase: Purchase): Promise<Order> {
    const { userId, request } = purchase;
    const fromCart = request.items === undefined;
    const wanted = addUp(request.items ?? (await this.carts.itemsOf(userId)));
    if (wanted.length === 0) throw orderIsEmpty();
    // Outside the transaction: a slow product service must not hold a database connection.
    const { lines, gone } = await this.products.quote(wanted);
    if (gone.length > 0) throw request.items === undefined ? cartChanged() : notOnSale(request.items, gone);
    const createdAt = new Date();
    const order = placeOrder({
      id: randomUUID(),
      userId,
      lines,
      shippingAddress: request.shippingAddress,
      paymentMethod: request.paymentMethod,
      fromCart,
      createdAt,
      deadlineAt: new Date(createdAt.getTime() + this.settings.orderDeadlineMs),
    });

    await this.keep(purchase, order);
    orderMetrics.placed(order.total.currency);
    return order;
  }

  private async keep(purchase: Purchase, order: Order): Promise<void> {
    const { keyLeaseMs: leaseMs, recoveryDelayMs: recoverAfterMs } = this.settings;
    const print = fingerprint(purchase.request);
    const terms = {
      claim: this.idempotency.claiming(scopeOf(purchase), purchase.key, print, { leaseMs, resourceId: order.id }),
      recoverAfterMs,
    };
    const place = async (db: Postgres | Transaction) => {
      if (!(await this.orders.place(db, order, terms))) throw inProgress();
    };
    if (!order.fromCart) return place(this.postgres);
    await this.postgres.transaction(async (tx) => {
      await place(tx);
      await this.carts.take(tx, order.userId, order.lines);
    });
  }

  /** The order is safe from here on: whatever goes wrong now, the client is told 202 and the job finishes it. */
  private async finish(purchase: Purchase, order: Order): Promise<ToldAnswer> {
    let isKept = false;
    const answer = {
      of: (concluded: Order, source: Sql) =>
        this.idempotency.completing(scopeOf(purchase), purchase.key, purchase.present(concluded), source),
      kept: () => {
        isKept = true;
      },
    };
    const reached = await this.saga.advance(order, answer).catch((error: unknown) => {
      this.logger.error('a purchase is left to its job', { orderId: order.id, error });
      return order;
    });
    if (isKept) return { ...purchase.present(reached), replayed: false };
    const told = await regardlessOfDeadline(() => this.remember(purchase, purchase.present(reached)));
    return { ...told, replayed: false };
  }

  /** One key has one answer: a repetition that outlasted the lease may have stored its own before. */
  private async remember(purchase: Purchase, answer: KeptAnswer): Promise<StoredAnswer> {
    const scope = scopeOf(purchase);
    try {
      if (await this.idempotency.complete(this.postgres, scope, purchase.key, answer)) return answer;
      const known = await this.idempotency.find(this.postgres, scope, purchase.key, fingerprint(purchase.request));
      return known.kind === 'done' ? { status: known.status, body: known.body } : answer;
    } catch (error) {
      // The order is safe and the answer true; a repetition of the key is answered from the order itself.
      this.logger.warn('the answer of a purchase was not stored', { error });
      return answer;
    }
  }
}

const scopeOf = ({ userId }: Purchase) => `${userId}:POST /v1/orders`;
