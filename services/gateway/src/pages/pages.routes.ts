import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RequestLimits } from '../limits/request.limits.ts';

const pages = fileURLToPath(new URL('../../pages', import.meta.url));
const swaggerUi = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

/** Address → file. Nothing else of the two folders can be reached. */
const files: readonly (readonly [url: string, file: string])[] = [
  ['/', 'index.html'],
  ['/docs', 'docs.html'],
  ['/status', 'status.html'],
  ['/pages/shop.css', 'shop.css'],
  ['/pages/shop.js', 'shop.js'],
  ['/pages/docs.js', 'docs.js'],
  ['/pages/status.js', 'status.js'],
];
const swaggerUiFiles = ['swagger-ui.css', 'swagger-ui-bundle.js'];

/** The files of the pages. */
@Injectable()
export class PagesRoutes implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly limits: RequestLimits,
  ) {}

  onModuleInit(): void {
    const server: FastifyInstance = this.host.httpAdapter.getInstance();
    server.register(fastifyStatic, { root: pages, serve: false, cacheControl: false });
    const onRequest = async (request: FastifyRequest) => this.limits.checkAddress('browse', request.ip);
    const serve = (url: string, file: string, folder: string, maxAgeSeconds: number) =>
      server.get(url, { onRequest }, (_request, reply) =>
        reply.header('cache-control', `public, max-age=${maxAgeSeconds}`).sendFile(file, folder),
      );
    for (const [url, file] of files) serve(url, file, pages, 60);
    for (const file of swaggerUiFiles) serve(`/docs/assets/${file}`, file, swaggerUi, 86_400);
  }
}
