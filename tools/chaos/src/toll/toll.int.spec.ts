import { answer, hang, type ScriptedServer, scriptedServer } from '@emporium/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Toll } from './toll.ts';

describe('a toll', () => {
  let server: ScriptedServer;
  let toll: Toll;

  beforeEach(async () => {
    server = await scriptedServer();
    toll = await Toll.before(server.url);
  });
  afterEach(async () => {
    await toll.close();
    await server.close();
  });

  const send = (signal?: AbortSignal) => fetch(`${toll.url}/v1/orders?a=b`, { method: 'POST', body: 'two kettles', signal });

  it('passes calls on with all they say, and counts them', async () => {
    server.behave(answer(201, { id: 'one' }, { location: '/v1/orders/one' }));

    const answered = await send();

    expect(answered.status).toBe(201);
    expect(answered.headers.get('location')).toBe('/v1/orders/one');
    expect(await answered.json()).toEqual({ id: 'one' });
    expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['POST /v1/orders?a=b']);
    expect(toll.passed).toEqual([{ method: 'POST', path: '/v1/orders?a=b', body: 'two kettles' }]);
  });

  it('answers by itself when it is told to', async () => {
    toll.judge = ({ body }) => (body.includes('kettles') ? { status: 503, body: '{"code":"no-kettles"}' } : 'pass');

    const answered = await send();

    expect([answered.status, await answered.json()]).toEqual([503, { code: 'no-kettles' }]);
    expect(server.requests).toHaveLength(0);
  });

  it.each(['here', 'behind it'])('counts what is open until the caller gives up, if the call hangs %s', async (where) => {
    if (where === 'here') toll.judge = () => 'hang';
    else server.behave(hang);
    const giveUp = new AbortController();

    const calls = Promise.allSettled([send(giveUp.signal), send(giveUp.signal), send(giveUp.signal)]);
    await expect.poll(() => toll.open).toBe(3);
    giveUp.abort();
    await calls;

    await expect.poll(() => toll.open).toBe(0);
    await expect.poll(() => server.open).toBe(0);
    expect(toll.mostOpen).toBe(3);
    toll.forget();
    expect([toll.mostOpen, toll.passed]).toEqual([0, []]);
  });

  it('breaks the connection when nobody is behind it', async () => {
    await server.close();

    await expect(send()).rejects.toThrow('fetch failed');

    server = await scriptedServer();
  });
});
