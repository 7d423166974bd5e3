import { describe, expect, it } from 'vitest';
import { fitForClient } from './upstream.answer.ts';

const answered = (status: number, type: string | undefined, body = '{}', headers = {}) => ({
  status,
  headers: { ...(type !== undefined && { 'content-type': type }), ...headers },
  body: Buffer.from(body),
});
const problem = 'application/problem+json; charset=utf-8';

describe('what a client may see of a service’s answer', () => {
  it.each([200, 201, 204, 304, 302])('is all of a %i', (status) => {
    const answer = answered(status, undefined);

    expect(fitForClient('order', answer)).toBe(answer);
  });

  it('is a problem as it is', () => {
    const answer = answered(409, problem, '{"code":"out-of-stock"}');

    expect(fitForClient('order', answer)).toBe(answer);
  });

  it('is a time to come back for every 503 and 504', () => {
    expect(fitForClient('order', answered(503, problem)).headers['retry-after']).toBe('1');
    expect(fitForClient('order', answered(504, problem, '{}', { 'retry-after': '9' })).headers['retry-after']).toBe('9');
  });

  it.each([500, 501, 502, 505, 599])('is nothing of a %i', (status) => {
    expect(() => fitForClient('order', answered(status, problem, '{"detail":"secret"}'))).toThrow(
      expect.objectContaining({ kind: 'unavailable', code: 'order-unavailable', retryAfterSeconds: 1 }),
    );
  });

  it.each([
    [404, 'text/html', 'not-found'],
    [404, undefined, 'not-found'],
    [418, 'application/json', 'invalid'],
    [503, 'text/plain', 'unavailable'],
    [504, 'text/plain', 'unavailable'],
  ])('is the kind of a %i of type %s', (status, type, kind) => {
    expect(() => fitForClient('order', answered(status, type, 'secret'))).toThrow(expect.objectContaining({ kind }));
  });

  it.each([
    [401, 'service-token-required'],
    [401, 'invalid-service-token'],
    [403, 'caller-not-allowed'],
  ])('is not that the gateway itself was refused (%i %s)', (status, code) => {
    expect(() => fitForClient('order', answered(status, problem, JSON.stringify({ code })))).toThrow(
      expect.objectContaining({ kind: 'unavailable' }),
    );
  });

  it.each(['{"code":"wrong-credentials"}', 'no json', '{}', 'null'])('is a refusal of the client: %s', (body) => {
    const answer = answered(401, problem, body);

    expect(fitForClient('user', answer)).toBe(answer);
  });
});
