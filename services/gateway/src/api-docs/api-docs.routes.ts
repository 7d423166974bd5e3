import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RequestLimits } from '../limits/request.limits.ts';
import { ApiDocsService } from './api-docs.service.ts';

/** `GET /openapi.json`. */
@Injectable()
export class ApiDocsRoutes implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly docs: ApiDocsService,
    private readonly limits: RequestLimits,
  ) {}

  onModuleInit(): void {
    const server: FastifyInstance = this.host.httpAdapter.getInstance();
    server.get('/openapi.json', {
      onRequest: async (request) => this.limits.checkAddress('browse', request.ip),
      handler: (request, reply) => this.send(request, reply),
    });
  }

  private async send(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { text, etag } = await this.docs.current();
    reply.headers({ etag, 'cache-control': 'public, max-age=60' });
    if (request.headers['if-none-match']?.includes(etag)) return reply.code(304).send();
    return reply.type('application/json; charset=utf-8').send(text);
  }
}
