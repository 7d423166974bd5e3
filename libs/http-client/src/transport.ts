import { type Dispatcher, Pool } from 'undici';
import { CallFailure } from './call-failure.ts';
import type { RawRequest, RawResponse } from './options.ts';

/** A call that had less time than this says nothing about the upstream when it runs out. */
const FAIR_TIME_MS = 100;
const MAX_ANSWER_BYTES = 16 * 1_024 * 1_024;

/**
 * A server that ends closes its idle connections 5 s after the signal. By then the client has let go of those it does not use, and what it
 * uses has been answered with `Connection: close`, so no call is sent into a connection that is being closed. A server that announces
 * less than that (`Keep-Alive: timeout`) gets less.
 */
const IDLE_MS = 4_000;

export interface TransportOptions {
  /** How many there may be. Default: as many as calls at once. */
  connections?: number;
  /**
   * A connection older than this ends after its call, and the next one is made anew. A balancer of connections decides once for each, so
   * without it a replica that came later would get no calls while the old connections last. Default 30000.
   */
  connectionAgeMs?: number;
}

/** Kept-alive connections to one origin. One `send` is one request on the wire, or none; never two. */
export class Transport {
  private readonly pool: Pool;
  private readonly basePath: string;

  constructor(baseUrl: string, { connections, connectionAgeMs = 30_000 }: TransportOptions) {
    const url = new URL(baseUrl);
    this.basePath = url.pathname.replace(/\/$/, '');
    this.pool = new Pool(url.origin, {
      connections,
      pipelining: 1,
      connect: { timeout: 1_000 },
      keepAliveTimeout: IDLE_MS,
      keepAliveMaxTimeout: IDLE_MS,
      clientTtl: connectionAgeMs,
      // Every call has its own timer, over connecting, headers and body together.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  /** Throws CallFailure. When time is up the request is aborted on the wire before the promise settles. */
  send(request: RawRequest, headers: Record<string, string | string[]>, timeoutMs: number): Promise<RawResponse> {
    return new Promise((resolve, reject) => {
      const exchange = new Exchange(timeoutMs, request.signal, resolve, reject);
      this.pool.dispatch(
        {
          method: request.method as Dispatcher.HttpMethod,
          path: this.basePath + request.path,
          headers,
          body: request.body,
          // undici itself sends requests it calls idempotent again; retries are this library's business.
          idempotent: false,
          blocking: false,
        },
        exchange,
      );
    });
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }
}

/** One request and its answer, with a timer and an abort of its own. */
class Exchange implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | undefined;
  private failure: Error | undefined;
  private status = 0;
  private headers: RawResponse['headers'] = {};
  private readonly chunks: Buffer[] = [];
  private bytes = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly timeoutMs: number,
    private readonly signal: AbortSignal | undefined,
    private readonly resolve: (response: RawResponse) => void,
    private readonly reject: (error: Error) => void,
  ) {
    this.timer = setTimeout(this.onTimeout, timeoutMs);
    signal?.addEventListener('abort', this.onCancel, { once: true });
    if (signal?.aborted) this.onCancel();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    // Given up while it waited for a connection: nothing has been written yet.
    if (this.failure !== undefined) controller.abort(this.failure);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: RawResponse['headers']): void {
    // 103 and its like announce the answer; they are not the answer.
    if (status < 200) return;
    this.status = status;
    this.headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.bytes > MAX_ANSWER_BYTES) this.giveUp(new CallFailure('too-large', false));
    else this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.settle();
    const [first, ...rest] = this.chunks;
    const body = first === undefined ? Buffer.alloc(0) : rest.length === 0 ? first : Buffer.concat(this.chunks);
    this.resolve({ status: this.status, headers: this.headers, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.settle();
    // An impossible header or method is a bug of ours, and the upstream never saw it.
    const isOurs = (error as { code?: unknown }).code === 'UND_ERR_INVALID_ARG';
    this.reject(error instanceof CallFailure ? error : new CallFailure(isOurs ? 'not-sent' : 'no-answer', !isOurs, error));
  }

  private readonly onTimeout = (): void => this.giveUp(new CallFailure('timeout', this.timeoutMs >= FAIR_TIME_MS));

  private readonly onCancel = (): void => this.giveUp(new CallFailure('cancelled', false, this.signal?.reason));

  private giveUp(failure: CallFailure): void {
    this.failure = failure;
    if (this.controller !== undefined) {
      this.controller.abort(failure);
      return;
    }
    this.settle();
    this.reject(failure);
  }

  private settle(): void {
    clearTimeout(this.timer);
    this.signal?.removeEventListener('abort', this.onCancel);
  }
}
