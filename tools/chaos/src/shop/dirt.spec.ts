import { describe, expect, it } from 'vitest';
import { dirtOf } from './dirt.ts';
import type { Reply } from './http-caller.ts';

const problem = (status: number, more: object = {}) =>
  JSON.stringify({
    type: 'https://emporium.example/problems/database-unavailable',
    title: 'Service Unavailable',
    status,
    detail: 'The shop is busy. Update your cart later, or select another product from the list.',
    instance: '/v1/orders',
    requestId: 'r-1',
    code: 'database-unavailable',
    ...more,
  });

const reply = (status: number | undefined, text: string, headers: Reply['headers'] = {}, durationMs = 5): Reply => ({
  status,
  text,
  headers: { 'content-type': 'application/problem+json', 'retry-after': '1', ...headers },
  durationMs,
});

describe('a clean answer', () => {
  it.each([
    ['a problem with Retry-After', reply(503, problem(503))],
    ['a 504', reply(504, problem(504), { 'retry-after': undefined })],
    ['a 404', reply(404, problem(404), { 'retry-after': undefined })],
    ['JSON', reply(200, '{"items":[]}', { 'content-type': 'application/json; charset=utf-8' })],
    ['a picture', reply(200, '<svg><body/></svg>', { 'content-type': 'image/svg+xml' })],
    ['nothing', reply(204, '', { 'content-type': undefined })],
    ['no answer in time for the client to give up', reply(undefined, '', {}, 2_000)],
  ])('is %s', (_, clean) => {
    expect(dirtOf(clean)).toEqual([]);
  });
});

describe('a dirty answer', () => {
  it.each([
    ['500', reply(500, problem(500)), /^500$/],
    ['502', reply(502, problem(502)), /^502$/],
    ['503 without Retry-After', reply(503, problem(503), { 'retry-after': undefined }), /without Retry-After/],
    ['429 without Retry-After', reply(429, problem(429), { 'retry-after': undefined }), /without Retry-After/],
    ['HTML', reply(503, '<!DOCTYPE html><h1>Bad Gateway</h1>'), /HTML/],
    ['a page of another server', reply(503, 'upstream connect error', { 'content-type': 'text/plain' }), /as text\/plain/],
    [
      'a stack',
      reply(400, problem(400, { detail: 'x\n    at Pool.query (/srv/dist/pool.js:1:2)' }).replace('\\n', '\n')),
      /a stack/,
    ],
    ['a file', reply(400, problem(400, { detail: 'orders.repository.ts:42' })), /a stack/],
    ['SQL', reply(409, problem(409, { detail: 'select id from orders where id = $1' })), /SQL/],
    ['a constraint', reply(409, problem(409, { detail: 'duplicate key value' })), /SQL/],
    ['an address', reply(503, problem(503, { detail: 'connect ECONNREFUSED 127.0.0.1:5432' })), /a name from inside/],
    ['a database', reply(503, problem(503, { detail: 'postgresql://order_app@db' })), /a name from inside/],
    ['a problem without a code', reply(404, problem(404, { code: undefined })), /without code/],
    ['a problem that is no JSON', reply(404, 'Not Found'), /without type/],
    ['a problem of another status', reply(404, problem(400)), /calls itself 400/],
    ['half a body', reply(200, '{"items":[', { 'content-type': 'application/json' }), /no JSON/],
    ['a hang', reply(undefined, '', {}, 10_001), /hung for 10001 ms/],
  ])('is %s', (_, dirty, words) => {
    expect(dirtOf(dirty).join('; ')).toMatch(words);
  });
});
