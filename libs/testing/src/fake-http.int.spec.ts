import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeHttp, fakeHttp } from './fake-http.ts';

describe('a fake service', () => {
  let fake: FakeHttp;
  beforeEach(async () => {
    fake = await fakeHttp({
      'GET /things/:id': (_, { id }) => ({ body: { id } }),
      'POST /things': { status: 201, body: { made: true }, headers: { location: '/things/1' } },
      'GET /text': { body: 'plain', headers: { 'content-type': 'text/plain' } },
      'DELETE /things/:id/parts/:part': (_, params) => ({ status: 200, body: params }),
      'GET /slow': { delayMs: 50 },
      'GET /hang': 'hang',
      'GET /drop': 'drop',
      'GET /wrong': () => {
        throw new Error('a mistake in the spec');
      },
    });
  });
  afterEach(() => fake.close());

  it('answers with what the spec said, and remembers what it was asked', async () => {
    const response = await fetch(`${fake.url}/things?a=1`, { method: 'POST', body: '{"name":"cup"}', headers: { 'x-a': 'b' } });

    expect([response.status, response.headers.get('location'), await response.json()]).toEqual([
      201,
      '/things/1',
      { made: true },
    ]);
    const [call] = fake.callsOf('POST', '/things');
    expect(call).toMatchObject({ method: 'POST', path: '/things', body: { name: 'cup' }, headers: { 'x-a': 'b' } });
    expect(call?.query.get('a')).toBe('1');
  });

  it('knows the parts of a path by name', async () => {
    const one = await fetch(`${fake.url}/things/7`);
    const two = await fetch(`${fake.url}/things/7/parts/8`, { method: 'DELETE' });

    expect(await one.json()).toEqual({ id: '7' });
    expect(await two.json()).toEqual({ id: '7', part: '8' });
  });

  it('answers text, nothing, and 404 to what it does not know', async () => {
    const [text, nothing, unknown] = await Promise.all(['/text', '/slow', '/unknown'].map((path) => fetch(fake.url + path)));

    expect(await text?.text()).toBe('plain');
    expect(await nothing?.text()).toBe('');
    expect(unknown?.status).toBe(404);
    expect(unknown?.headers.get('content-type')).toBe('application/problem+json');
  });

  it('can be told otherwise, hang and drop', async () => {
    fake.on('GET /text', { status: 503, body: { status: 503 } });

    expect((await fetch(`${fake.url}/text`)).status).toBe(503);
    await expect(fetch(`${fake.url}/drop`)).rejects.toThrow();
    await expect(fetch(`${fake.url}/hang`, { signal: AbortSignal.timeout(100) })).rejects.toThrow('timeout');
  });

  it('shows a mistake of the spec itself', async () => {
    const response = await fetch(`${fake.url}/wrong`, { method: 'GET' });

    expect(response.status).toBe(500);
    expect(await response.text()).toContain('a mistake in the spec');
  });

  it('keeps a body that is no JSON as text', async () => {
    await fetch(`${fake.url}/things`, { method: 'POST', body: 'a=b' });

    expect(fake.calls[0]?.body).toBe('a=b');
  });
});
