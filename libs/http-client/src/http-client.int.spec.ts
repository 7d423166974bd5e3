import { registry, runInContext, runInTransaction, silentLogger } from '@emporium/telemetry';
import { answer, hang, type ScriptedServer, scriptedServer } from '@emporium/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { HttpClient, type HttpClientOptions } from './index.ts';

const thing = z.object({ id: z.string() });

describe('an http client', () => {
  let server: ScriptedServer;
  const clients: HttpClient[] = [];

  const clientOf = (options: Partial<HttpClientOptions> = {}) => {
    const client = new HttpClient({ name: 'product', baseUrl: server.url, logger: silentLogger, ...options });
    clients.push(client);
    return client;
  };
  const failure = async (call: Promise<unknown>) => {
    const error = await call.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    return error as {
      kind: string;
      code: string;
      message: string;
      errors?: unknown;
      retryAfterSeconds?: number;
      cause?: unknown;
    };
  };

  beforeEach(async () => {
    server = await scriptedServer();
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.close();
    await server.close();
  });

  it('gives what the schema made of the answer', async () => {
    server.behave(answer(200, { id: 'a', secret: 'not in the schema' }));

    expect(await clientOf().get('/things/a', thing)).toEqual({ id: 'a' });
    expect(server.requests[0]).toMatchObject({ method: 'GET', url: '/things/a' });
  });

  it('sends a body as JSON with every method that has one', async () => {
    const bodies: string[] = [];
    server.behave((request, response) => {
      let text = '';
      request.on('data', (chunk) => {
        text += chunk;
      });
      request.on('end', () => {
        bodies.push(`${request.method} ${request.headers['content-type']} ${text}`);
        response.end('{"id":"a"}');
      });
    });
    const client = clientOf();

    await client.post('/things', { n: 1 }, thing);
    await client.put('/things/a', { n: 2 }, thing);
    await client.patch('/things/a', { n: 3 }, thing);
    await client.delete('/things/a', thing);

    expect(bodies).toEqual([
      'POST application/json {"n":1}',
      'PUT application/json {"n":2}',
      'PATCH application/json {"n":3}',
      'DELETE undefined ',
    ]);
  });

  it('takes an empty answer for undefined', async () => {
    server.behave((_request, response) => response.writeHead(204).end());

    expect(await clientOf().delete('/things/a', z.undefined())).toBeUndefined();
  });

  it('puts the path of its base before every path', async () => {
    await clientOf({ baseUrl: `${server.url}/api/` }).get('/things?q=1', z.unknown());

    expect(server.requests[0]?.url).toBe('/api/things?q=1');
  });

  it('passes on the request id and the time that is left', async () => {
    await runInContext({ requestId: 'req-1', deadline: Date.now() + 900 }, () => clientOf().get('/', z.unknown()));

    const headers = server.requests[0]?.headers;
    expect(headers?.['x-request-id']).toBe('req-1');
    expect(Number(headers?.['x-request-timeout-ms'])).toBeGreaterThan(500);
    expect(Number(headers?.['x-request-timeout-ms'])).toBeLessThanOrEqual(900);
  });

  it('adds its own headers to every call, made at once or later', async () => {
    const now = clientOf({ headers: () => ({ 'x-service-token': 'now' }) });
    const later = clientOf({ headers: async () => ({ 'x-service-token': 'later' }) });

    await now.get('/', z.unknown(), { headers: { 'x-extra': '1' } });
    await later.request({ method: 'GET', path: '/', headers: { 'x-service-token': 'forged' } });

    expect(server.requests[0]?.headers).toMatchObject({ 'x-service-token': 'now', 'x-extra': '1', accept: 'application/json' });
    expect(server.requests[1]?.headers).toMatchObject({ 'x-service-token': 'later' });
  });

  it('makes of a 4xx what the upstream said', async () => {
    const errors = [{ field: 'items.0.quantity', message: 'only 2 left' }];
    server.behave(answer(409, { code: 'out-of-stock', detail: 'Too few.', errors }));

    expect(await failure(clientOf().post('/reserve', {}, thing))).toMatchObject({
      kind: 'conflict',
      code: 'out-of-stock',
      message: 'Too few.',
      errors,
    });
  });

  it('makes the best of a 4xx without a problem', async () => {
    server.behave(answer(404, '<html>'));

    expect(await failure(clientOf().get('/', thing))).toMatchObject({ kind: 'not-found' });
  });

  it.each([401, 403])('does not blame the user when the upstream refuses this service with %i', async (status) => {
    server.behave(answer(status, { code: 'invalid-token' }));

    expect(await failure(clientOf().get('/', thing))).toMatchObject({ kind: 'unavailable', code: 'product-refused' });
  });

  it.each([
    [500, 'unavailable', 'product-unavailable'],
    [502, 'unavailable', 'product-unavailable'],
    [503, 'unavailable', 'product-unavailable'],
    [504, 'timeout', 'product-timeout'],
    [302, 'unavailable', 'product-bad-answer'],
  ])('makes a clean failure of an answer with status %i', async (status, kind, code) => {
    server.behave(answer(status, { detail: 'upstream words' }));

    expect(await failure(clientOf().post('/', {}, thing))).toMatchObject({ kind, code });
  });

  it('repeats when to come back', async () => {
    server.behave(answer(503, {}, { 'retry-after': '7' }));

    expect(await failure(clientOf().post('/', {}, thing))).toMatchObject({ retryAfterSeconds: 7 });
  });

  it.each(['{"id":1}', '{"id":', ''])('calls %j a bad answer', async (body) => {
    server.behave(answer(200, body));

    expect(await failure(clientOf().get('/', thing))).toMatchObject({ kind: 'unavailable', code: 'product-bad-answer' });
  });

  it('gives up an answer that does not end', async () => {
    server.behave((_request, response) => {
      const chunk = Buffer.alloc(1_024 * 1_024);
      const write = () => {
        if (response.destroyed) return;
        response.write(chunk);
        setImmediate(write);
      };
      write();
    });

    expect(await failure(clientOf().get('/', thing))).toMatchObject({ code: 'product-bad-answer' });
    await expect.poll(() => server.open).toBe(0);
  });

  it('passes raw requests and answers through unchanged, whatever the status', async () => {
    const sent = Buffer.from([0, 1, 2, 255]);
    const chunks: Buffer[] = [];
    server.behave((request, response) => {
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () =>
        response.writeHead(418, { 'x-kind': 'teapot', 'set-cookie': ['a=1', 'b=2'] }).end(Buffer.from([9, 8])),
      );
    });

    const response = await clientOf().request({
      method: 'POST',
      path: '/raw',
      headers: { 'content-type': 'application/x' },
      body: sent,
    });

    expect(Buffer.concat(chunks)).toEqual(sent);
    expect(response).toMatchObject({
      status: 418,
      headers: { 'x-kind': 'teapot', 'set-cookie': ['a=1', 'b=2'] },
      body: Buffer.from([9, 8]),
    });
  });

  it('gives a 5xx to whoever asked raw, as an answer', async () => {
    server.behave(answer(500, 'broken'));

    expect(await clientOf().request({ method: 'GET', path: '/' })).toMatchObject({ status: 500, body: Buffer.from('broken') });
  });

  it('joins an answer that comes in pieces, after early hints', async () => {
    server.behave((_request, response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload' });
      response.write('{"id":');
      setImmediate(() => response.end('"pieces"}'));
    });

    expect(await clientOf().get('/', thing)).toEqual({ id: 'pieces' });
  });

  it('reports a lost connection and a closed port as unavailable', async () => {
    server.behave((request) => void request.socket.destroy());
    expect(await failure(clientOf().post('/', {}, thing))).toMatchObject({
      kind: 'unavailable',
      code: 'product-unavailable',
      retryAfterSeconds: 1,
    });

    const nobody = clientOf({ baseUrl: 'http://127.0.0.1:1' });
    expect(await failure(nobody.post('/', {}, thing))).toMatchObject({ kind: 'unavailable', code: 'product-unavailable' });
  });

  it('leaves a header that cannot be sent what it is: a bug', async () => {
    const error = await failure(clientOf().get('/', thing, { headers: { 'bad header': 'x' } }));

    expect(error).toMatchObject({ message: 'invalid header key' });
    expect(error.kind).toBeUndefined();
    expect(server.requests).toHaveLength(0);
  });

  it('ends a call at its time-out, and the upstream sees it go', async () => {
    server.behave(hang);

    const startedAt = performance.now();
    expect(await failure(clientOf().get('/', thing, { timeoutMs: 150 }))).toMatchObject({
      kind: 'timeout',
      code: 'product-timeout',
    });

    expect(performance.now() - startedAt).toBeLessThan(600);
    await expect.poll(() => server.open).toBe(0);
  });

  it('ends a call whose body does not come to an end', async () => {
    server.behave((_request, response) => void response.writeHead(200).write('{"id":'));

    expect(await failure(clientOf().get('/', thing, { timeoutMs: 150 }))).toMatchObject({ code: 'product-timeout' });
  });

  it('ends a call with the request it serves', async () => {
    server.behave(hang);

    const startedAt = performance.now();
    const call = runInContext({ requestId: 'r', deadline: Date.now() + 150 }, () => clientOf().get('/', thing));
    expect(await failure(call)).toMatchObject({ code: 'product-timeout' });

    expect(performance.now() - startedAt).toBeLessThan(600);
  });

  it('ends a call when the patience for calls ends, before the request does', async () => {
    server.behave(hang);

    const startedAt = performance.now();
    const context = { requestId: 'r', deadline: Date.now() + 5_000, callsEndAt: Date.now() + 150 };
    expect(await failure(runInContext(context, () => clientOf().get('/', thing)))).toMatchObject({ code: 'product-timeout' });

    expect(performance.now() - startedAt).toBeLessThan(600);
    expect(Number(server.requests[0]?.headers['x-request-timeout-ms'])).toBeLessThanOrEqual(150);
  });

  it('refuses to be used inside a database transaction', async () => {
    const call = runInTransaction(() => clientOf().get('/', thing));

    expect(await failure(call)).toMatchObject({ message: 'The product service was called inside a database transaction.' });
    expect(server.requests).toHaveLength(0);
  });

  it('sends nothing when no time is left', async () => {
    const call = runInContext({ requestId: 'r', deadline: Date.now() - 1 }, () => clientOf().get('/', thing));

    expect(await failure(call)).toMatchObject({ kind: 'timeout' });
    expect(server.requests).toHaveLength(0);
  });

  it('never sends a call whose time ran out while it waited for a connection', async () => {
    server.behave(hang);
    const client = clientOf({ connections: 1 });
    const first = failure(client.get('/first', thing, { timeoutMs: 400 }));
    await expect.poll(() => server.open).toBe(1);

    expect(await failure(client.get('/second', thing, { timeoutMs: 120 }))).toMatchObject({ code: 'product-timeout' });
    await first;
    server.behave(answer(200, { id: 'third' }));
    await client.get('/third', thing);

    expect(server.requests.map(({ url }) => url)).toEqual(['/first', '/third']);
  });

  it('ends a call when its caller goes away, and lets the caller see why', async () => {
    server.behave(hang);
    const caller = new AbortController();
    const call = failure(clientOf().request({ method: 'GET', path: '/', signal: caller.signal }));
    await expect.poll(() => server.open).toBe(1);

    caller.abort(new Error('the customer left'));

    expect(await call).toMatchObject({ message: 'the customer left' });
    await expect.poll(() => server.open).toBe(0);
  });

  it('sends nothing for a caller who has gone already', async () => {
    const call = clientOf().request({ method: 'GET', path: '/', signal: AbortSignal.abort(new Error('gone')) });

    expect(await failure(call)).toMatchObject({ message: 'gone' });
    await clientOf().get('/next', z.unknown());
    expect(server.requests.map(({ url }) => url)).toEqual(['/next']);
  });

  it('gives every call an abort of its own: after time-outs the next call works', async () => {
    const client = clientOf();
    server.behave(hang);
    await Promise.all([1, 2, 3].map(() => failure(client.get('/', thing, { timeoutMs: 110 }))));

    server.behave(answer(200, { id: 'fine' }));

    expect(await client.get('/', thing)).toEqual({ id: 'fine' });
  });

  it('counts calls by what became of them', async () => {
    const client = clientOf({ name: 'counted' });
    await client.get('/', z.unknown());
    server.behave(answer(404));
    await failure(client.get('/', thing));
    server.behave(hang);
    await failure(client.get('/', thing, { timeoutMs: 110 }));

    const calls = await registry.getSingleMetric('emporium_upstream_calls_total')?.get();
    const counted = calls?.values
      .filter(({ labels }) => labels.upstream === 'counted')
      .map(({ labels, value }) => [labels.outcome, value]);
    expect(counted).toEqual([
      ['200', 1],
      ['404', 1],
      ['timeout', 1],
    ]);
  });

  it('refuses calls after it was closed', async () => {
    const client = clientOf();
    await client.close();

    await expect(client.get('/', z.unknown())).rejects.toThrow();
  });
});
