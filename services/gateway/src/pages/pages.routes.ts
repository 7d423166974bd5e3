import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyHelmet from '@fastify/helmet';
import fastifyStatic from '@fastify/static';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';

const pages = fileURLToPath(new URL('../../pages', import.meta.url));
const swaggerUi = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

/** The files of the pages, and the headers that tell browsers what the shop's answers may do. */
@Injectable()
export class PagesRoutes implements OnModuleInit {
  constructor(private readonly host: HttpAdapterHost) {}

  async onModuleInit(): Promise<void> {
    const server: FastifyInstance = this.host.httpAdapter.getInstance();
    await server.register(fastifyHelmet, {
      contentSecurityPolicy: {
        directives: {
          defaultSrc: ["'self'"],
          imgSrc: ["'self'", 'data:'],
          // Swagger UI writes style attributes; scripts stay limited to our own files.
          styleSrc: ["'self'", "'unsafe-inline'"],
          frameAncestors: ["'none'"],
          upgradeInsecureRequests: null,
        },
      },
      frameguard: { action: 'deny' },
      referrerPolicy: { policy: 'no-referrer' },
    });
    await server.register(fastifyStatic, { root: [pages], serve: false, cacheControl: false });
    const page = (url: string, file: string) =>
      server.get(url, (_request, reply) => reply.header('cache-control', 'public, max-age=60').sendFile(file));
    page('/', 'index.html');
    page('/docs', 'docs.html');
    for (const file of ['shop.css', 'shop.js', 'docs.js']) page(`/pages/${file}`, file);
    for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js']) {
      server.get(`/docs/assets/${file}`, (_request, reply) =>
        reply.header('cache-control', 'public, max-age=86400').sendFile(file, swaggerUi),
      );
    }
  }
}
