import type { RawResponse } from '@emporium/http-client';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AccessCheck } from '../auth/access.check.ts';
import { DeadLetterService } from '../dead-letters/dead-letter.service.ts';
import { RequestLimits } from '../limits/request.limits.ts';
import { answerHeaders, requestHeaders, targetOf } from './forward.headers.ts';
import { type Route, routes } from './routes.ts';
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
    const { status, headers, body } = await this.answerOf(route, request);
    return reply
      .status(status)
      .headers(answerHeaders(headers))
      .send(body.length === 0 ? undefined : body);
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
    return fitForClient(upstream, await this.upstreams.client(upstream).request({ ...call, idempotent }));
  }
}

/** A connection that broke before anyone asked has no address any more. */
const addressOf = (request: FastifyRequest): string => request.ip ?? 'unknown';
