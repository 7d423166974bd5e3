import type { RawResponse } from '@emporium/http-client';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AccessCheck } from '../auth/access.check.ts';
import { DeadLetterService } from '../dead-letters/dead-letter.service.ts';
import { names } from '../edge-cache/caching.rules.ts';
import { EdgeCache } from '../edge-cache/edge.cache.ts';
import { RequestLimits } from '../limits/request.limits.ts';
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
  ) {}

  onModuleInit(): void {
    const server: FastifyInstance = this.host.httpAdapter.getInstance();
    for (const route of routes) {
      server.route({
        method: route.method,
        url: route.path,
        onRequest: (request) => this.admit(route, request),
        handler: (request, reply) => this.pass(route, request, reply),
      });
    }
  }

  private async admit({ access, limit }: Route, request: FastifyRequest): Promise<void> {
    await this.limits.checkAddress(limit, addressOf(request));
    if (access === 'anyone') return;
    const userId = await this.access.check(access, request.headers.authorization);
    if (request.context !== undefined) request.context.userId = userId;
    await this.limits.checkUser(limit, userId);
  }

  private async pass(route: Route, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { status, headers, body } = await (isShared(route)
      ? this.sharedAnswerOf(route, request)
      : this.ownAnswerOf(route, request));
    return reply
      .status(status)
      .headers(answerHeaders(headers))
      .send(body.length === 0 ? undefined : body);
  }

  /** What everybody may see is asked for once for all who want it at the same time, and kept for a moment. */
  private async sharedAnswerOf({ upstream }: SharedRoute, request: FastifyRequest): Promise<RawResponse> {
    const path = targetOf(request.raw.url ?? '/');
    const answer = await this.edge.get(`${path} ${request.headers.accept ?? ''}`, async (ifNoneMatch) => {
      const headers = sharedRequestHeaders(request.headers, addressOf(request), ifNoneMatch);
      // With an older answer at hand a second try would only keep people waiting.
      const idempotent = ifNoneMatch === undefined;
      const answered = await this.upstreams.client(upstream).request({ method: 'GET', path, headers, idempotent, patient });
      return fitForClient(upstream, answered);
    });
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

  private async answerOf({ method, upstream }: Route, request: FastifyRequest): Promise<RawResponse> {
    const call = {
      method,
      path: targetOf(request.raw.url ?? '/'),
      headers: requestHeaders(request.headers, addressOf(request)),
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

/** A client that is told to come back in a second is better off than one that is kept waiting for it. */
const patient = false;

const isShared = (route: Route): route is SharedRoute =>
  route.method === 'GET' && route.access === 'anyone' && route.upstream !== 'every';

/** A connection that broke before anyone asked has no address any more. */
const addressOf = (request: FastifyRequest): string => request.ip ?? 'unknown';
