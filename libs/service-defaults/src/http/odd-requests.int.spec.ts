import { startApp, type TestApp } from '@emporium/testing';
import type { DynamicModule } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsed, rawClient, say } from '../../test/raw.client.ts';
import { loadConfig, type TinyConfig } from '../../test/tiny.service.ts';
import { PlatformModule } from '../index.ts';

const edgeModule = (config: TinyConfig): DynamicModule => ({
  module: class EdgeRoot {},
  imports: [PlatformModule.with(config, { name: 'gateway', edge: true, answerHeaders: { 'x-frame-options': 'DENY' } })],
});

describe('a request that Node would not show to a handler', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ name: 'gateway', module: edgeModule, config: loadConfig });
  });
  afterAll(() => app.close());

  const ask = async (text: string) => parsed(await say(app.url, text));

  it('is a problem 417 when it expects what nobody knows', async () => {
    const { status, head, body } = await ask(
      'GET /health HTTP/1.1\r\nHost: a\r\nExpect: 200-maybe\r\nX-Request-Id: mine\r\nConnection: close\r\n\r\n',
    );

    expect(status).toBe(417);
    expect(head).toContain('content-type: application/problem+json');
    expect(head).toContain('x-frame-options: deny');
    expect(head).toContain('x-request-id: mine');
    expect(body).toMatchObject({ status: 417, title: 'Expectation Failed', code: 'expectation-failed', requestId: 'mine' });
  });

  it('is a problem 405 when it asks for a tunnel', async () => {
    const { status, head, body } = await ask('CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n');

    expect(status).toBe(405);
    expect(head).toContain('allow: get, head, post, put, patch, delete');
    expect(head).toContain('x-frame-options: deny');
    expect(head).toContain('connection: close');
    expect(body).toMatchObject({ status: 405, code: 'method-not-allowed', requestId: expect.any(String) });
  });

  it('leaves nothing behind when a client asks for a tunnel and stays', async () => {
    const { socket, heard, ended } = rawClient(app.url, 'CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n', { stays: true });
    await expect.poll(heard).toContain('405');

    // A connection that is there takes what it is told; one that is not resets the client.
    const insist = setInterval(() => socket.write('anyone?'), 50);
    await ended;
    clearInterval(insist);
  });

  it('is a usual one when it would like to be upgraded', async () => {
    const answer = await say(
      app.url,
      'GET /health HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n',
    );

    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });

  it('is a problem on whatever door it comes in', async () => {
    const answers = await Promise.all(Array.from({ length: 64 }, () => ask('BREW / HTTP/1.1\r\n\r\n')));

    expect(new Set(answers.map(({ status, body }) => `${status} ${String(body.code)}`))).toEqual(
      new Set(['400 malformed-request']),
    );
  });
});
