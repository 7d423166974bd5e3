import type { Person } from '../people/person.ts';
import { type HttpCall, HttpCaller } from './http-caller.ts';
import { type Expectation, judge, type Result } from './judge.ts';
import type { Recorder } from './recorder.ts';

export interface ShopCall extends HttpCall {
  /** What the client wanted, for the records. */
  readonly action: string;
  readonly as?: Person;
  /** Idempotency key. */
  readonly key?: string;
}

export interface Answer<Body> {
  readonly result: Result;
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly durationMs: number;
  /** JSON; undefined when there was none, or when it is not the answer hoped for. */
  readonly body: Body | undefined;
  /** JSON of a refusal. */
  readonly problem: Readonly<Record<string, unknown>> | undefined;
}

/** The front door of the platform. Every call through it is judged and recorded. */
export class Shop {
  readonly #caller: HttpCaller;

  constructor(
    readonly url: string,
    readonly recorder: Recorder,
  ) {
    this.#caller = new HttpCaller(url);
  }

  /** Never throws. */
  async call<Body = unknown>({ action, as, key, ...call }: ShopCall, expected: Expectation): Promise<Answer<Body>> {
    const at = Date.now();
    const token = await as?.token();
    const { chapter } = this.recorder;
    const reply = await this.#caller.send({
      ...call,
      headers: {
        ...call.headers,
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(key !== undefined && { 'idempotency-key': key }),
      },
    });
    const { result, code, body, breaches } = judge(`${action} (${call.method} ${call.path})`, reply, expected);
    chapter.outcomes.push({ at, action, result, status: reply.status, code, durationMs: reply.durationMs });
    chapter.breaches.push(...breaches);
    const seconds = Number(reply.headers['retry-after']);
    const isRefusal = (reply.status ?? 0) >= 400;
    return {
      result,
      status: reply.status,
      code,
      retryAfterMs: Number.isFinite(seconds) ? seconds * 1_000 : undefined,
      durationMs: reply.durationMs,
      body: result === 'ok' && !isRefusal ? (body as Body) : undefined,
      problem: isRefusal ? (body as Record<string, unknown>) : undefined,
    };
  }

  close(): void {
    this.#caller.close();
  }
}
