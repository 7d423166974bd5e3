import type { RawResponse } from '@emporium/http-client';
import { type AnswerAtHand, priorityHeader } from '@emporium/service-defaults';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AccessCheck } from '../auth/access.check.ts';
import { DeadLetterService } from '../dead-letters/dead-letter.service.ts';
import { names } from '../edge-cache/caching.rules.ts';
import { EdgeCache } from '../edge-cache/edge.cache.ts';
import { RequestLimits } from '../limits/request.limits.ts';
import { type ConcurrencyLimit, ConcurrencyLimits } from '../shedding/concurrency.limits.ts';
import { priorityOf } from '../shedding/priority-of.ts';
import { answerHeaders, requestHeaders, sharedRequestHeaders, targetOf } from './forward.headers.ts';
import { type Route, routes, type UpstreamName } from './routes.ts';
import { fitForClient } from './upstream.answer.ts';
import { Upstreams } from './upstreams.ts';

/** The public door: each route of the table, checked and passed on. Bodies go through as bytes; reading them is the service's work. */
@Injectable()
export class PublicRoutes implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly upstreams: Upstreams,
    private readonly access: AccessCheck,
    private readonly limits: RequestLimits,
    private readonly deadLetters: DeadLetterService,
    private readonly edge: EdgeCache,
    private readonly concurrency: ConcurrencyLimits,
  ) {}

  onModuleInit(): void {
    const server: FastifyInstance = this.host.httpAdapter.getInstance();
    for (const route of routes) {
      const calls = this.concurrency.of(route);
      // What is kept here needs no call.
      const isKept = (request: FastifyRequest) => isShared(route) && this.edge.holds(keyOf(request));
      server.route({
        method: route.method,
        url: route.path,
        config: {
          priority: priorityOf(route),
          isFull: (request) => calls.full && !isKept(request),
          ...(isShared(route) && { atHand: (request: FastifyRequest) => this.answerAtHand(route, request) }),
        },
        onRequest: isShared(route)
          ? (request, _reply, done) => this.admitSoon(route, request, done)
          : (request) => calls.before(() => this.admit(route, request)),
        handler: (request, reply) => this.pass(route, calls, request, reply),
      });
    }
  }

  /** What is kept and fresh goes out as it is. Whatever is not as usual goes the usual way. */
  private answerAtHand({ limit }: Route, request: FastifyRequest): AnswerAtHand | undefined {
    const { method, headers } = request.raw;
    if (method !== 'GET' || headers.host === undefined) return undefined;
    const admits = () => this.limits.passAtOnce(limit, addressOf(request));
    return this.edge.ready(keyOf(request), admits)?.for(headers['if-none-match']);
  }

  /** Without a promise where none is needed. */
  private admitSoon({ limit }: SharedRoute, request: FastifyRequest, done: (error?: Error) => void): void {
    const waiting = this.limits.checkAddress(limit, addressOf(request));
    if (waiting === undefined) done();
    else waiting.then(() => done(), done);
  }

  private async admit({ access, limit }: Route, request: FastifyRequest): Promise<void> {
    const waiting = this.limits.checkAddress(limit, addressOf(request));
    if (waiting !== undefined) await waiting;
    if (access === 'anyone') return;
    const userId = await this.access.check(access, request.headers.authorization);
    if (request.context !== undefined) request.context.userId = userId;
    await this.limits.checkUser(limit, userId);
  }

  private async pass(route: Route, calls: ConcurrencyLimit, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { status, headers, body } = await (isShared(route)
      ? this.sharedAnswerOf(route, calls, request)
      : calls.call(() => this.ownAnswerOf(route, request)));
    return reply
      .status(status)
      .headers(answerHeaders(headers))
      .send(body.length === 0 ? undefined : body);
  }

  /** What everybody may see is asked for once for all who want it at the same time, and kept for a moment. */
  private async sharedAnswerOf(
    { upstream }: SharedRoute,
    calls: ConcurrencyLimit,
    request: FastifyRequest,
  ): Promise<RawResponse> {
    const path = targetOf(request.raw.url ?? '/');
    const ask = async (ifNoneMatch: string | undefined) => {
      const headers = sharedRequestHeaders(request.headers, addressOf(request), ifNoneMatch);
      // With an older answer at hand a second try would only keep people waiting.
      const idempotent = ifNoneMatch === undefined;
      const answered = await this.upstreams.client(upstream).request({ method: 'GET', path, headers, idempotent, patient });
      return fitForClient(upstream, answered);
    };
    const answer = await this.edge.get(keyOf(request), (ifNoneMatch) => calls.call(() => ask(ifNoneMatch)));
    const { etag } = answer.headers;
    const isKnown = answer.status === 200 && typeof etag === 'string' && names(request.headers['if-none-match'], etag);
    return isKnown ? { ...answer, status: 304, body: nothing } : answer;
  }

  private async ownAnswerOf(route: Route, request: FastifyRequest): Promise<RawResponse> {
    try {
      return await this.answerOf(route, request);
    } finally {
      // Also after a failure: nobody knows then what was changed.
      if (route.upstream === 'product' && route.method !== 'GET') this.forgetShared(route, request);
    }
  }

  private forgetShared({ method }: Route, request: FastifyRequest): void {
    if (method === 'DELETE') this.edge.forget(targetOf(request.raw.url ?? '/'));
    this.edge.changed();
  }

  private async answerOf(route: Route, request: FastifyRequest): Promise<RawResponse> {
    const { method, upstream } = route;
    const call = {
      method,
      path: targetOf(request.raw.url ?? '/'),
      headers: { ...requestHeaders(request.headers, addressOf(request)), [priorityHeader]: priorityOf(route) },
      body: Buffer.isBuffer(request.body) ? request.body : undefined,
    };
    if (upstream === 'every') return method === 'GET' ? this.deadLetters.list(call) : this.deadLetters.requeue(call);
    // Only where the service calls nobody else: retries at two hops multiply.
    const idempotent = method === 'GET' && upstream !== 'order';
    return fitForClient(upstream, await this.upstreams.client(upstream).request({ ...call, idempotent, patient }));
  }
}

type SharedRoute = Route & { readonly upstream: UpstreamName };

const nothing = Buffer.alloc(0);

/** What an answer that everybody may see depends on. */
const keyOf = (request: FastifyRequest): string => `${targetOf(request.raw.url ?? '/')} ${request.headers.accept ?? ''}`;

/** A client that is told to come back in a second is better off than one that is kept waiting for it. */
const patient = false;

const isShared = (route: Route): route is SharedRoute =>
  route.method === 'GET' && route.access === 'anyone' && route.upstream !== 'every';

/** A connection that broke before anyone asked has no address any more. */
const addressOf = (request: FastifyRequest): string => request.ip ?? 'unknown';
