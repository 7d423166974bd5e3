import { currentContext, isInTransaction } from '@emporium/telemetry';
import type { z } from 'zod';
import { Breaker, type BreakerState } from './breaker.ts';
import { Bulkhead } from './bulkhead.ts';
import { CallFailure } from './call-failure.ts';
import { Deadline } from './deadline.ts';
import { badAnswer, fromAnswer, fromFailure, retryAfterSeconds, upstreamTimeout } from './http-client.errors.ts';
import { callMetrics } from './http-client.metrics.ts';
import type { CallOptions, HttpClientOptions, RawRequest, RawResponse } from './options.ts';
import { backoffMs, pause, RetryBudget } from './retry.ts';
import { Transport } from './transport.ts';
import { type UpstreamSettings, upstreamSettings } from './upstream-settings.ts';

const IDEMPOTENT_METHODS: ReadonlySet<string> = new Set(['GET', 'PUT', 'DELETE']);
/** A retry with less time than this would only add load. */
const WORTH_RETRYING_MS = 20;

/**
 * Calls one upstream: deadline, bulkhead, breaker and bounded retries around kept-alive connections. One instance per upstream and process.
 * Throws AppError: what the upstream said (4xx), `<name>-unavailable`, `<name>-timeout`, `<name>-busy`, `<name>-refused`, `<name>-bad-answer`.
 * After a timeout nobody knows whether the upstream did the work: ask again with the same key. Does not follow redirects and does not cache.
 */
export class HttpClient {
  private readonly name: string;
  private readonly transport: Transport;
  private readonly breaker: Breaker;
  private readonly bulkhead: Bulkhead;
  private readonly budget: RetryBudget;
  private readonly metrics: ReturnType<typeof callMetrics>;
  private settings: UpstreamSettings;

  constructor(private readonly options: HttpClientOptions) {
    this.name = options.name;
    this.settings = options.settings?.() ?? upstreamSettings(options);
    this.transport = new Transport(options.baseUrl, options);
    this.breaker = new Breaker(options.name, this.settings.breaker, options.logger, options.breaker?.isFailure);
    this.bulkhead = new Bulkhead(this.settings.bulkhead.maxConcurrent);
    this.budget = new RetryBudget(this.settings.retry.budgetRatio);
    this.metrics = callMetrics(options.name);
  }

  /** State of the circuit, for readiness and tests. */
  get state(): BreakerState {
    this.follow();
    return this.breaker.state;
  }

  /** Calls on the wire now. */
  get inFlight(): number {
    return this.bulkhead.inUse;
  }

  get<S extends z.ZodType>(path: string, schema: S, options?: CallOptions): Promise<z.output<S>> {
    return this.call('GET', path, undefined, schema, options);
  }

  post<S extends z.ZodType>(path: string, body: unknown, schema: S, options?: CallOptions): Promise<z.output<S>> {
    return this.call('POST', path, body, schema, options);
  }

  put<S extends z.ZodType>(path: string, body: unknown, schema: S, options?: CallOptions): Promise<z.output<S>> {
    return this.call('PUT', path, body, schema, options);
  }

  patch<S extends z.ZodType>(path: string, body: unknown, schema: S, options?: CallOptions): Promise<z.output<S>> {
    return this.call('PATCH', path, body, schema, options);
  }

  delete<S extends z.ZodType>(path: string, schema: S, options?: CallOptions): Promise<z.output<S>> {
    return this.call('DELETE', path, undefined, schema, options);
  }

  /** Passes a request on as it is and gives the answer as it is, whatever its status. Throws AppError only when there is no answer. */
  async request(request: RawRequest): Promise<RawResponse> {
    const startedAt = performance.now();
    let outcome = 'failed';
    try {
      const response = await this.sendWithRetries(request);
      outcome = String(response.status);
      return response;
    } catch (error) {
      const failure = fromFailure(this.name, error);
      outcome = error instanceof CallFailure ? error.reason : outcomeOf(failure);
      throw failure;
    } finally {
      this.metrics.ended(request.method, outcome, startedAt);
    }
  }

  /** Calls in flight fail; later ones too. */
  async close(): Promise<void> {
    this.breaker.close();
    await this.transport.close();
  }

  private async call<S extends z.ZodType>(
    method: string,
    path: string,
    body: unknown,
    schema: S,
    { idempotent = IDEMPOTENT_METHODS.has(method), timeoutMs, headers, signal }: CallOptions = {},
  ): Promise<z.output<S>> {
    const request: RawRequest = {
      method,
      path,
      headers: { accept: 'application/json', ...headers },
      idempotent,
      timeoutMs,
      signal,
    };
    if (body !== undefined) {
      request.body = JSON.stringify(body);
      request.headers = { ...request.headers, 'content-type': 'application/json' };
    }

    const response = await this.request(request);
    if (response.status < 200 || response.status > 299) throw fromAnswer(this.name, response);
    return this.read(response, schema);
  }

  private read<S extends z.ZodType>(response: RawResponse, schema: S): z.output<S> {
    try {
      return schema.parse(response.body.length === 0 ? undefined : JSON.parse(response.body.toString('utf8')));
    } catch (error) {
      throw badAnswer(this.name, error);
    }
  }

  /** The settings of now; what holds older ones is told first. */
  private follow(): UpstreamSettings {
    const settings = this.options.settings?.() ?? this.settings;
    if (settings !== this.settings) {
      this.settings = settings;
      this.bulkhead.maxConcurrent = settings.bulkhead.maxConcurrent;
      this.budget.ratio = settings.retry.budgetRatio;
      this.breaker.follow(settings.breaker);
    }
    return settings;
  }

  private async sendWithRetries(request: RawRequest): Promise<RawResponse> {
    // A bug, and one that only shows under load: rows stay locked, and a connection taken, for as long as somebody else pleases.
    if (isInTransaction()) throw new Error(`The ${this.name} service was called inside a database transaction.`);
    const { timeoutMs, retry } = this.follow();
    this.budget.deposit();
    const deadline = new Deadline(request.timeoutMs ?? timeoutMs);
    const attempts = request.idempotent === true ? retry.attempts : 0;

    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const waitMs = await this.sendUnlessWorthRetrying(request, deadline, attempt);
      if (typeof waitMs !== 'number') return waitMs;
      this.metrics.retried();
      await pause(waitMs, request.signal);
    }
    return this.send(request, deadline);
  }

  /** The answer, or how long to wait before the next try. Throws when another try is of no use or not allowed. */
  private async sendUnlessWorthRetrying(request: RawRequest, deadline: Deadline, attempt: number): Promise<RawResponse | number> {
    let waitMs = backoffMs(attempt);
    const isAllowed = () => waitMs + WORTH_RETRYING_MS < deadline.remainingMs() && this.budget.spend();

    try {
      const response = await this.send(request, deadline);
      if (response.status !== 503) return response;
      const askedSeconds = retryAfterSeconds(response) ?? 0;
      if (askedSeconds > 0 && request.patient === false) return response;
      waitMs += askedSeconds * 1_000;
      return isAllowed() ? waitMs : response;
    } catch (error) {
      if (error instanceof CallFailure && error.reason === 'no-answer' && isAllowed()) return waitMs;
      throw error;
    }
  }

  private async send(request: RawRequest, deadline: Deadline): Promise<RawResponse> {
    const own = this.options.headers?.();
    const ownHeaders = own instanceof Promise ? await own : own;
    const remainingMs = deadline.remainingMs();
    if (remainingMs === 0) throw upstreamTimeout(this.name);

    const headers: Record<string, string | string[]> = { ...request.headers, ...ownHeaders };
    headers['x-request-timeout-ms'] = String(remainingMs);
    const requestId = currentContext()?.requestId;
    if (requestId !== undefined) headers['x-request-id'] = requestId;

    return this.bulkhead.run(() => this.breaker.run(() => this.transport.send(request, headers, remainingMs)));
  }
}

const outcomeOf = (failure: unknown): string => (failure as { code?: string }).code?.replace(/^.*-/, '') ?? 'failed';
