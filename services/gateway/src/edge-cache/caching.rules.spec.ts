import { describe, expect, it } from 'vitest';
import { allowedFor, names } from './caching.rules.ts';

const answered = (headers: Record<string, string>, status = 200) => ({ status, headers });
const catalogue = {
  'cache-control': 'public, max-age=0, stale-if-error=600',
  'cdn-cache-control': 'public, max-age=1, stale-if-error=600',
};

describe('what an answer allows a shared cache', () => {
  it('is a second of freshness and ten minutes for failures, as the catalogue says', () => {
    expect(allowedFor(answered(catalogue))).toEqual({ ageMs: 0, freshMs: 1_000, usableMs: 601_000 });
    expect(allowedFor(answered({ ...catalogue, age: '45' }))).toMatchObject({ ageMs: 45_000 });
  });

  it('is never more than a second of freshness', () => {
    const picture = { 'cache-control': 'public, max-age=86400, stale-if-error=604800' };

    expect(allowedFor(answered(picture))).toEqual({ ageMs: 0, freshMs: 1_000, usableMs: 604_801_000 });
  });

  it.each([
    ['must-revalidate', 'public, max-age=1, must-revalidate, stale-if-error=600'],
    ['proxy-revalidate', 'public, max-age=1, proxy-revalidate, stale-if-error=600'],
    ['s-maxage', 'public, max-age=9, S-MaxAge="1", stale-if-error=600'],
  ])('is nothing stale with %s', (_, text) => {
    expect(allowedFor(answered({ 'cache-control': text }))).toEqual({ ageMs: 0, freshMs: 1_000, usableMs: 1_000 });
  });

  it('is to be asked for each time with no-cache', () => {
    expect(allowedFor(answered({ 'cache-control': 'public, max-age=9, no-cache' }))).toMatchObject({ freshMs: 0, usableMs: 0 });
  });

  it.each<[string, Record<string, string>, number?]>([
    ['nothing is said', {}],
    ['it is private', { 'cache-control': 'private, max-age=60' }],
    ['it is not public', { 'cache-control': 'max-age=60' }],
    ['it must not be stored', { 'cache-control': 'public, max-age=60, no-store' }],
    ['no age is said', { 'cache-control': 'public' }],
    ['its age is no number', { 'cache-control': 'public, max-age=-1' }],
    ['the field for shared caches forbids it', { 'cache-control': 'public, max-age=60', 'cdn-cache-control': 'no-store' }],
    ['it depends on who asks', { ...catalogue, vary: 'accept, Authorization' }],
    ['it depends on everything', { ...catalogue, vary: '*' }],
    ['it is no 200', catalogue, 404],
    ['it is a failure', catalogue, 503],
  ])('is nothing when %s', (_, headers, status) => {
    expect(allowedFor(answered(headers, status))).toBeUndefined();
  });

  it('may depend on what is part of the question', () => {
    expect(allowedFor(answered({ ...catalogue, vary: 'Accept, accept-encoding' }))).toBeDefined();
  });
});

describe('If-None-Match', () => {
  it.each(['"a"', 'W/"a"', '"x", W/"a" ,"y"', '*', ' * '])('%s names the tag', (header) => {
    expect([names(header, '"a"'), names(header, 'W/"a"')]).toEqual([true, true]);
  });

  it.each([undefined, '"other"', '', '"a', 'a', '"A"'])('%s does not', (header) => {
    expect([names(header, '"a"'), names(header, undefined)]).toEqual([false, false]);
  });
});
