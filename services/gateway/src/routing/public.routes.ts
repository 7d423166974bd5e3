import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AccessCheck } from '../auth/access.check.ts';
import { RequestLimits } from '../limits/request.limits.ts';
import { answerHeaders, requestHeaders } from './forward.headers.ts';
import { type Route, routes } from './routes.ts';
import { upstreamFailed } from './routing.errors.ts';
import { Upstreams } from './upstreams.ts';

/** A service that has not answered by then is answered for: 504. What is left of it travels with the call. */
const timeoutMs = 3_000;

/** The public door: each route of the table, checked and passed on. Bodies go through as bytes; reading them is the service's work. */
@Injectable()
export class PublicRoutes implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly upstreams: Upstreams,
    private readonly access: AccessCheck,
    private readonly limits: RequestLimits,
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

  private async admit(route: Route, request: FastifyRequest): Promise<void> {
    await this.limits.checkAddress(route.limit, request.ip);
    if (route.access === 'anyone') return;
    const userId = await this.access.check(route.access, request.headers.authorization);
    await this.limits.checkUser(route.limit, userId);
  }

  private async pass(route: Route, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const answer = await this.upstreams.client(route.upstream).request({
      method: route.method,
      path: request.raw.url ?? request.url,
      headers: requestHeaders(request.headers, request.ip),
      body: Buffer.isBuffer(request.body) ? request.body : undefined,
      timeoutMs,
      // Only where the service calls nobody else: retries at two hops multiply.
      idempotent: route.method === 'GET' && route.upstream !== 'order',
    });
    if (answer.status >= 500 && answer.status !== 503 && answer.status !== 504) throw upstreamFailed(route.upstream);
    return reply.status(answer.status).headers(answerHeaders(answer.headers)).send(answer.body);
  }
}
