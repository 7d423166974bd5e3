import { fingerprint, Idempotency, inProgress } from '@emporium/idempotency';
import { Jobs } from '@emporium/jobs';
import { Postgres, type Transaction } from '@emporium/postgres';
import { LOGGER } from '@emporium/service-defaults';
import { type Logger, regardlessOfDeadline } from '@emporium/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import { OrderService } from '../orders/order.service.ts';
import type { Order } from '../orders/order.ts';
import { type KeptAnswer, type ToldAnswer, withRefusals } from '../orders/repeatable.answer.ts';
import { addCompensation, headStartMs, removeCompensation } from './checkout.jobs.ts';
import { CHECKOUT_SETTINGS, type CheckoutSettings } from './checkout.settings.ts';
import { OrderSaga } from './order.saga.ts';
import { withinPatience } from './patience.ts';

interface Cancellation {
  readonly userId: string;
  readonly key: string;
  readonly orderId: string;
  readonly present: (order: Order) => KeptAnswer;
}

/** The purchase backwards: the units return to the shelf and the money to the customer. */
@Injectable()
export class CancellationService {
  constructor(
    private readonly postgres: Postgres,
    private readonly idempotency: Idempotency,
    private readonly orders: OrderService,
    private readonly saga: OrderSaga,
    private readonly jobs: Jobs,
    @Inject(CHECKOUT_SETTINGS) private readonly settings: CheckoutSettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async cancel(cancellation: Cancellation): Promise<ToldAnswer> {
    const known = await this.answerBefore(cancellation);
    if (known !== undefined) return known;

    const done = await this.postgres.transaction((tx) => this.decide(tx, cancellation));
    if (done === undefined) {
      const told = await this.answerBefore(cancellation);
      if (told === undefined) throw inProgress();
      return told;
    }
    if (done.cancelled !== undefined) await this.undoAtOnce(done.cancelled);
    return { ...done.answer, replayed: false };
  }

  /**
   * The key, the cancelled order, the job that undoes it and the answer in one transaction: a process that dies leaves all of
   * them or none, and no repetition finds an order cancelled by itself. Undefined when the key was taken meanwhile.
   */
  private async decide(tx: Transaction, { userId, key, orderId, present }: Cancellation): Promise<Decision | undefined> {
    const scope = scopeOf(userId);
    if (!(await this.idempotency.claim(tx, scope, key, fingerprint(orderId), { leaseMs: 0 }))) return undefined;
    let cancelled: Order | undefined;
    const answer = await withRefusals(`/v1/orders/${orderId}/cancel`, async () => {
      cancelled = await this.orders.cancel(tx, userId, orderId);
      return present(cancelled);
    });
    if (cancelled !== undefined) await addCompensation(this.jobs, tx, cancelled.id, { delayMs: headStartMs });
    await this.idempotency.complete(tx, scope, key, answer);
    return { answer, cancelled };
  }

  private async answerBefore({ userId, key, orderId }: Cancellation): Promise<ToldAnswer | undefined> {
    const known = await this.idempotency.find(this.postgres, scopeOf(userId), key, fingerprint(orderId));
    return known.kind === 'done' ? { status: known.status, body: known.body, replayed: true } : undefined;
  }

  /** Most customers see their refund with the answer; for the rest the job is already there. */
  private async undoAtOnce(order: Order): Promise<void> {
    this.orders.counted(order);
    try {
      await withinPatience(this.settings.patienceMs, () => this.saga.compensate(order));
      await regardlessOfDeadline(() => removeCompensation(this.jobs, this.postgres, order.id));
    } catch (error) {
      this.logger.warn('a cancelled order is undone later', { orderId: order.id, error });
    }
  }
}

interface Decision {
  readonly answer: KeptAnswer;
  readonly cancelled: Order | undefined;
}

const scopeOf = (userId: string) => `${userId}:POST /v1/orders/{id}/cancel`;
