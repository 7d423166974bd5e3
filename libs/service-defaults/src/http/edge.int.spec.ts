import { startApp, type TestApp } from '@emporium/testing';
import { All, Controller, type DynamicModule, Module, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig, type TinyConfig } from '../../test/tiny.service.ts';
import { PlatformModule } from '../index.ts';

@Controller('v1/*')
class ProxyController {
  @All()
  pass(@Req() request: FastifyRequest<{ Body: Buffer | undefined }>) {
    return {
      isBuffer: Buffer.isBuffer(request.body),
      bytes: request.body?.toString('hex'),
      caller: request.caller ?? null,
      deadline: request.context?.deadline ?? null,
    };
  }
}

@Module({ controllers: [ProxyController] })
class ProxyModule {}

const edgeModule = (config: TinyConfig): DynamicModule => ({
  module: class EdgeRoot {},
  imports: [
    PlatformModule.with(config, { name: 'gateway', edge: true, answerHeaders: { 'x-frame-options': 'DENY' } }),
    ProxyModule,
  ],
});

describe('the edge', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ name: 'gateway', module: edgeModule, config: loadConfig });
  });
  afterAll(() => app.close());

  it.each(['application/json', 'text/plain', 'application/octet-stream'])(
    'passes %s on as the bytes that came, without tokens',
    async (type) => {
      const { status, body } = await app.request('POST', '/v1/a/b', {
        caller: null,
        body: '{"a":',
        headers: { 'content-type': type },
      });

      expect(status).toBe(200);
      expect(body).toEqual({ isBuffer: true, bytes: Buffer.from('{"a":').toString('hex'), caller: null, deadline: null });
    },
  );

  it('refuses what cannot be an address, and bodies over 1 MiB', async () => {
    const malformed = await app.request('GET', '/v1/a?q=%zz', { caller: null });
    const large = await app.request('POST', '/v1/a', { caller: null, body: 'x'.repeat(1_048_577) });
    const unknown = await app.request('GET', '/elsewhere', { caller: null });

    expect([malformed.status, large.status, unknown.status]).toEqual([400, 413, 404]);
    expect(large.body.code).toBe('body-too-large');
  });

  it('believes nobody’s deadline', async () => {
    const { body } = await app.request('GET', '/v1/a', { caller: null, headers: { 'x-request-timeout-ms': '1' } });

    expect(body.deadline).toBeNull();
  });

  it('puts its headers on every answer, also on those that no route gives', async () => {
    const answers = await Promise.all(
      ['/v1/a', '/elsewhere', '/v1/%zz', '/health'].map((path) => app.request('GET', path, { caller: null })),
    );
    const unreadable = await fetch(app.url, { headers: { 'x-long': 'a'.repeat(20_000) } });

    expect([...answers, unreadable].map(({ headers }) => headers.get('x-frame-options'))).toEqual(Array(5).fill('DENY'));
    expect(unreadable.status).toBe(431);
  });

  it('has probes, and no document of its own', async () => {
    const statuses = await Promise.all(
      ['/health', '/ready', '/openapi.json'].map(async (path) => (await app.request('GET', path, { caller: null })).status),
    );

    expect(statuses).toEqual([200, 200, 404]);
  });
});
