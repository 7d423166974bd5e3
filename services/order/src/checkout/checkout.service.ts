import { randomUUID } from 'node:crypto';
import type { PlaceOrderRequest } from '@emporium/contracts/order';
import { fingerprint, Idempotency, inProgress } from '@emporium/idempotency';
import { Jobs } from '@emporium/jobs';
import { Postgres } from '@emporium/postgres';
import { LOGGER } from '@emporium/service-defaults';
import { currentContext, type Logger, runInContext } from '@emporium/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import { CartService } from '../carts/cart.service.ts';
import { orderIsEmpty } from '../orders/order.errors.ts';
import { orderMetrics } from '../orders/order.metrics.ts';
import { OrderRepository } from '../orders/order.repository.ts';
import { addUp, type Order, placeOrder } from '../orders/order.ts';
import { ProductClient } from '../products/product.client.ts';
import { addAdvance } from './checkout.jobs.ts';
import { CHECKOUT_SETTINGS, type CheckoutSettings } from './checkout.settings.ts';
import { OrderSaga } from './order.saga.ts';

/** What a client is told, and told again when it repeats its key. */
export interface Answer {
  readonly status: number;
  readonly body: object;
}

interface Purchase {
  readonly userId: string;
  readonly key: string;
  readonly request: PlaceOrderRequest;
  /** Makes the answer of an order as it stands; the answer is stored with the key. */
  readonly present: (order: Order) => Answer;
}

@Injectable()
export class CheckoutService {
  constructor(
    private readonly postgres: Postgres,
    private readonly idempotency: Idempotency,
    private readonly orders: OrderRepository,
    private readonly carts: CartService,
    private readonly products: ProductClient,
    private readonly saga: OrderSaga,
    private readonly jobs: Jobs,
    @Inject(CHECKOUT_SETTINGS) private readonly settings: CheckoutSettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async place(purchase: Purchase): Promise<Answer & { replayed: boolean }> {
    const { userId, key, request, present } = purchase;
    const scope = `${userId}:POST /v1/orders`;
    const print = fingerprint(request);

    const known = await this.idempotency.find(this.postgres, scope, key, print);
    if (known.kind === 'done') return { status: known.status, body: known.body as object, replayed: true };
    if (known.kind === 'stale') return { ...present(await this.left(known.resourceId)), replayed: true };

    const order = await this.withinPatience(async () => this.saga.advance(await this.store(purchase, scope, print)));
    const answer = present(order);
    await this.remember(scope, key, answer);
    return { ...answer, replayed: false };
  }

  /** One transaction: the key, the order, the emptied cart, and the job that finishes the order should this process die. */
  private async store({ userId, key, request }: Purchase, scope: string, print: string): Promise<Order> {
    const fromCart = request.items === undefined;
    const wanted = addUp(request.items ?? (await this.carts.itemsOf(userId)));
    if (wanted.length === 0) throw orderIsEmpty();
    // Outside the transaction: a slow product service must not hold a database connection.
    const lines = await this.products.quote(wanted);
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

    await this.postgres.transaction(async (tx) => {
      const { keyLeaseMs: leaseMs, recoveryDelayMs: delayMs } = this.settings;
      if (!(await this.idempotency.claim(tx, scope, key, print, { leaseMs, resourceId: order.id }))) throw inProgress();
      if (fromCart) await this.carts.take(tx, userId, wanted);
      await this.orders.insert(tx, order);
      await addAdvance(this.jobs, tx, order.id, { delayMs });
    });
    orderMetrics.placed(order.total.currency);
    return order;
  }

  /** The client's patience, not the order's: what is not done by then the job finishes, and the client gets 202. */
  private withinPatience<T>(work: () => Promise<T>): Promise<T> {
    const context = currentContext();
    const deadline = Math.min(context?.deadline ?? Number.POSITIVE_INFINITY, Date.now() + this.settings.patienceMs);
    return runInContext({ requestId: 'unknown', ...context, deadline }, work);
  }

  /** An order whose process died before it answered: the job finishes it, the client learns how far it is. */
  private async left(orderId: string | undefined): Promise<Order> {
    const order = orderId === undefined ? undefined : await this.orders.findById(this.postgres, orderId);
    if (order === undefined) throw inProgress();
    return order;
  }

  private async remember(scope: string, key: string, answer: Answer): Promise<void> {
    try {
      await this.idempotency.complete(this.postgres, scope, key, answer);
    } catch (error) {
      // The order is safe and the answer true; a repetition of the key is answered from the order itself.
      this.logger.warn('the answer of a purchase was not stored', { error });
    }
  }
}
