import { describe, expect, it } from 'vitest';
import { toOrigin } from './sign-in.ts';

describe('the origin of a sign-in', () => {
  it('keeps what a browser calls itself, printable and short', () => {
    expect(toOrigin('::1', { 'user-agent': ` Shop\u0000 ${'x'.repeat(500)}` }).userAgent).toBe(`Shop ${'x'.repeat(251)}`);
    expect(toOrigin('::1', { 'user-agent': 'curl/8', 'x-request-id': 'r1' })).toEqual({
      clientAddress: '::1',
      userAgent: 'curl/8',
      requestId: 'r1',
    });
  });

  it('does without', () => {
    expect(toOrigin('::1', { 'user-agent': '\u0001' }).userAgent).toBeUndefined();
    expect(toOrigin('::1', {})).toEqual({ clientAddress: '::1', userAgent: undefined, requestId: undefined });
  });
});
