import { randomUUID } from 'node:crypto';
import type { OrderResponse } from '@emporium/contracts/order';
import type { Item, PurchaseAnswer, PurchaseFact } from '../invariants/evidence.ts';
import { pause } from '../schedule/pause.ts';
import type { Customer } from './customer.ts';
import type { Answer } from './shop.ts';

export interface PurchaseOptions {
  readonly card?: string;
  readonly key?: string;
  /** How long the client repeats its key before it gives up. */
  readonly patienceMs?: number;
  readonly signal?: AbortSignal;
}

/** `open`: the client is still at it. `accepted`: 201 or 202. `refused`: a definite no. `given-up`: nobody ever said. */
export type PurchaseState = 'open' | 'accepted' | 'refused' | 'given-up';

const PATIENCE_MS = 60_000;
const address = { name: 'Ada Lovelace', line1: '12 St James Square', city: 'London', postalCode: 'SW1Y 4JH', country: 'GB' };

/** One purchase under one key, from the first click to a definite answer. */
export class Purchase implements PurchaseFact {
  readonly key: string;
  readonly at = Date.now();
  readonly answers: PurchaseAnswer[] = [];
  state: PurchaseState = 'open';
  /** The status of the definite answer. */
  status: number | undefined;

  constructor(
    readonly customer: Customer,
    /** Undefined: the cart. */
    readonly items: readonly Item[] | undefined,
    private readonly options: PurchaseOptions = {},
  ) {
    this.key = options.key ?? randomUUID();
  }

  get userId(): string {
    return this.customer.id;
  }

  get orderId(): string | undefined {
    return this.answers.find(({ orderId }) => orderId !== undefined)?.orderId;
  }

  /** As a real client does it: whatever is no definite answer is asked again, with the same key. */
  async run(): Promise<this> {
    const endsAt = Date.now() + (this.options.patienceMs ?? PATIENCE_MS);
    for (let attempt = 1; this.state === 'open'; attempt += 1) {
      const answer = await this.attempt();
      if (Date.now() > endsAt || this.options.signal?.aborted) break;
      if (this.state === 'open') await pause(pauseAfter(answer, attempt));
    }
    if (this.state === 'open') this.state = 'given-up';
    return this;
  }

  /** One request with the key. May be called beside others of the same purchase. */
  async attempt(): Promise<Answer<OrderResponse>> {
    const { card: paymentMethod = 'pm_card_visa' } = this.options;
    const answer = await this.customer.call<OrderResponse>(
      {
        action: 'checkout',
        method: 'POST',
        path: '/v1/orders',
        key: this.key,
        // The key in the address tells the orders of one purchase from those of another, whatever the platform notes itself.
        body: { items: this.items, shippingAddress: { ...address, line2: this.key }, paymentMethod },
      },
      { statuses: paymentMethod === 'pm_card_visa' ? [201, 202] : [402, 202], refusals: [409] },
    );
    const orderId = answer.body?.id ?? (answer.problem?.orderId as string | undefined);
    this.answers.push({ status: answer.status, orderId, code: answer.code });
    this.note(answer);
    return answer;
  }

  private note({ status, code, body }: Answer<OrderResponse>): void {
    if (body !== undefined) this.customer.checkOwner(body, 'checkout');
    if (this.state === 'accepted' || !isDefinite(status, code)) return;
    this.state = status === 201 || status === 202 ? 'accepted' : 'refused';
    this.status = status;
  }
}

function isDefinite(status: number | undefined, code: string | undefined): boolean {
  if (status === undefined || status >= 500 || status === 429) return false;
  return !(status === 409 && code === 'in-progress');
}

/** Half a second at first, a second after; what the platform asks for wins, up to two. A quarter of jitter, which no schedule depends on. */
function pauseAfter({ retryAfterMs }: Answer<unknown>, attempt: number): number {
  const wanted = Math.min(retryAfterMs ?? Math.min(1_000, attempt * 500), 2_000);
  return wanted * (0.75 + Math.random() / 2);
}
