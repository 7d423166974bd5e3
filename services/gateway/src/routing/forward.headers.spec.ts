import { describe, expect, it } from 'vitest';
import { answerHeaders, requestHeaders, targetOf } from './forward.headers.ts';

describe('headers on their way to a service', () => {
  it('are those a service needs, and the address the gateway saw', () => {
    expect(
      requestHeaders({ authorization: 'Bearer a', 'content-type': 'text/plain', host: 'a', cookie: 'b' }, '203.0.113.7'),
    ).toEqual({
      'x-client-address': '203.0.113.7',
      authorization: 'Bearer a',
      'content-type': 'text/plain',
    });
  });

  it.each([
    'connection',
    'content-length',
    'expect',
    'forwarded',
    'keep-alive',
    'proxy-authorization',
    'te',
    'traceparent',
    'trailer',
    'transfer-encoding',
    'upgrade',
    'x-client-address',
    'x-forwarded-for',
    'x-request-id',
    'x-request-timeout-ms',
    'x-service-token',
  ])('never include a client’s %s', (name) => {
    expect(requestHeaders({ [name]: 'forged' }, '203.0.113.7')).toEqual({ 'x-client-address': '203.0.113.7' });
  });

  it('never include a list where a service expects one value', () => {
    expect(requestHeaders({ 'idempotency-key': ['a', 'b'] as unknown as string }, 'a')).toEqual({ 'x-client-address': 'a' });
  });
});

describe('headers on their way to a client', () => {
  it('are those a client may see', () => {
    const answered = { etag: '"1"', vary: ['accept', 'origin'], 'x-powered-by': 'a', connection: 'close', 'set-cookie': ['a=b'] };

    expect(answerHeaders(answered)).toEqual({ 'cache-control': 'no-store', etag: '"1"', vary: ['accept', 'origin'] });
  });

  it('let an answer be kept only when its service says so', () => {
    expect(answerHeaders({})['cache-control']).toBe('no-store');
    expect(answerHeaders({ 'cache-control': 'public, max-age=5' })['cache-control']).toBe('public, max-age=5');
  });
});

describe('the target of a request', () => {
  it.each([
    ['/v1/products', '/v1/products'],
    ['/v1/products?q=http://a/b', '/v1/products?q=http://a/b'],
    ['http://elsewhere.example/v1/products?q=1', '/v1/products?q=1'],
    ['HTTPS://elsewhere.example:8080/v1/a', '/v1/a'],
  ])('of %s is %s', (url, target) => {
    expect(targetOf(url)).toBe(target);
  });
});
