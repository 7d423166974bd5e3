import { createHmac } from 'node:crypto';
import { Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { z } from 'zod';
import { newId, now } from './books.ts';

/** How events travel. `hold` keeps them until a flush; `reorder` sends what arrives within 100 ms in reverse. */
export const webhookSettings = z.strictObject({
  enabled: z.boolean(),
  delayMs: z.int().min(0).max(600_000),
  duplicates: z.int().min(0).max(20),
  hold: z.boolean(),
  reorder: z.boolean(),
});
export type WebhookSettings = z.infer<typeof webhookSettings>;

export interface WebhookEvent {
  id: string;
  object: 'event';
  api_version: string;
  created: number;
  data: { object: object };
  livemode: false;
  pending_webhooks: number;
  request: { id: null; idempotency_key: null };
  type: string;
}

export interface WebhookOptions {
  url?: string | undefined;
  secret: string;
  /** Types the address wants to hear of, as Stripe's `enabled_events` does; without it all. */
  types?: readonly string[] | undefined;
  attempts?: number;
  firstRetryMs?: number;
  timeoutMs?: number;
}

const quiet: WebhookSettings = { enabled: true, delayMs: 0, duplicates: 0, hold: false, reorder: false };
const reorderWindowMs = 100;
const longestRetryMs = 30_000;

/** `Stripe-Signature` over `payload`: HMAC-SHA256 of `timestamp.payload`, hexadecimal. */
export function signature(payload: string, secret: string, timestamp = now()): string {
  const digest = createHmac('sha256', secret).update(`${timestamp}.${payload}`).digest('hex');
  return `t=${timestamp},v1=${digest}`;
}

/** Sends events to one address, signed, again and again until it answers 2xx. */
export class Webhooks {
  readonly deliveries: { eventId: string; type: string; attempt: number; status: number | 'failed' }[] = [];
  readonly events: WebhookEvent[] = [];
  settings: WebhookSettings = { ...quiet };
  private held: WebhookEvent[] = [];
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly closing = new AbortController();
  private url: string | undefined;
  private client: Client | undefined;

  constructor(private readonly options: WebhookOptions) {
    this.url = options.url;
  }

  /** For a shop whose address is known only after it has found its provider. */
  sendTo(url: string): void {
    this.url = url;
    this.client?.agent.destroy();
    this.client = undefined;
  }

  announce = (type: string, object: object): void => {
    const event: WebhookEvent = {
      id: newId('evt'),
      object: 'event',
      api_version: '2026-10-28.endive',
      created: now(),
      data: { object: structuredClone(object) },
      livemode: false,
      pending_webhooks: 1,
      request: { id: null, idempotency_key: null },
      type,
    };
    this.events.push(event);
    if (this.url === undefined || !this.settings.enabled || !this.isWanted(event)) return;
    if (!this.settings.hold && !this.settings.reorder) {
      this.dispatch(event);
      return;
    }
    this.held.push(event);
    if (this.settings.reorder && !this.settings.hold && this.held.length === 1) {
      this.later(reorderWindowMs, () => this.flush({ reverse: true }));
    }
  };

  change(changes: Partial<WebhookSettings>): void {
    this.settings = { ...this.settings, ...changes };
  }

  /** Events travel as they should again; what was held is sent. */
  calm(): void {
    this.settings = { ...quiet };
    this.flush({ reverse: false });
  }

  /** Sends what was held; returns how many events that were. */
  flush(order: { reverse: boolean }): number {
    const events = order.reverse ? this.held.reverse() : this.held;
    this.held = [];
    for (const event of events) this.dispatch(event);
    return events.length;
  }

  /** Sends one known event once more, or all of them. */
  resend(eventId?: string): number {
    const events = this.events.filter((event) => (eventId === undefined ? this.isWanted(event) : event.id === eventId));
    for (const event of events) this.dispatch(event);
    return events.length;
  }

  reset(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    this.held = [];
    this.events.length = 0;
    this.deliveries.length = 0;
    this.settings = { ...quiet };
  }

  close(): void {
    this.reset();
    this.closing.abort();
    this.client?.agent.destroy();
  }

  private isWanted({ type }: WebhookEvent): boolean {
    return this.options.types?.includes(type) ?? true;
  }

  private dispatch(event: WebhookEvent): void {
    for (let copy = 0; copy <= this.settings.duplicates; copy += 1) {
      this.later(this.settings.delayMs, () => void this.deliver(event, 1));
    }
  }

  private later(milliseconds: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      work();
    }, milliseconds);
    this.timers.add(timer);
  }

  private async deliver(event: WebhookEvent, attempt: number): Promise<void> {
    const status = await this.post(JSON.stringify(event));
    if (this.closing.signal.aborted) return;
    this.deliveries.push({ eventId: event.id, type: event.type, attempt, status });
    const delivered = status !== 'failed' && status < 300;
    if (delivered || attempt >= (this.options.attempts ?? 12)) return;
    const wait = Math.min(longestRetryMs, (this.options.firstRetryMs ?? 500) * 2 ** (attempt - 1));
    this.later(wait, () => void this.deliver(event, attempt + 1));
  }

  private post(payload: string): Promise<number | 'failed'> {
    const url = new URL(this.url ?? '');
    this.client ??= clientFor(url);
    const { agent, request } = this.client;
    const signal = AbortSignal.any([this.closing.signal, AbortSignal.timeout(this.options.timeoutMs ?? 5_000)]);
    return new Promise((resolve) => {
      // A failure is recorded in deliveries, and tried again.
      const fail = () => resolve('failed');
      const call = request(url, { method: 'POST', agent, signal, headers: this.headersOf(payload) }, (answer) => {
        answer.on('error', fail);
        answer.on('end', () => resolve(answer.statusCode ?? 'failed'));
        answer.resume();
      });
      call.on('error', fail);
      call.end(payload);
    });
  }

  private headersOf(payload: string): Record<string, string> {
    return {
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(payload)),
      'stripe-signature': signature(payload, this.options.secret),
      'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
    };
  }
}

interface Client {
  readonly agent: PlainAgent;
  readonly request: typeof plainRequest;
}

/** Node's own client: it shares the machine with the shop, and costs half of what `fetch` does. */
const clientFor = ({ protocol }: URL): Client =>
  protocol === 'https:'
    ? { agent: new TlsAgent({ keepAlive: true }), request: tlsRequest }
    : { agent: new PlainAgent({ keepAlive: true }), request: plainRequest };
