import { describe, expect, it } from 'vitest';
import { RefreshTokens } from './refresh-tokens.ts';

describe('refresh tokens', () => {
  it('have one successor, the same in every process that has the secret', () => {
    const token = new RefreshTokens('secret').issue();

    expect(new RefreshTokens('secret').successorOf(token)).toBe(new RefreshTokens(' secret\n').successorOf(token));
    expect(new RefreshTokens('another').successorOf(token)).not.toBe(new RefreshTokens('secret').successorOf(token));
  });

  it('are 256 random bits, and so are their successors', () => {
    const tokens = new RefreshTokens('secret');
    const issued = Array.from({ length: 100 }, () => tokens.issue());

    expect(new Set([...issued, ...issued.map((token) => tokens.successorOf(token))]).size).toBe(200);
    expect(issued.every((token) => /^[\w-]{43}$/.test(token) && /^[\w-]{43}$/.test(tokens.successorOf(token)))).toBe(true);
  });

  it('are stored as a hash', () => {
    const tokens = new RefreshTokens('secret');

    expect(tokens.hashOf('a')).toHaveLength(32);
    expect(tokens.hashOf('a')).not.toEqual(tokens.hashOf('b'));
  });
});
