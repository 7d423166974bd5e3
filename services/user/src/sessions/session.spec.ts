import { describe, expect, it } from 'vitest';
import { judge, openSession, type SpentToken, tokenExpiry } from './session.ts';

const rule = { refreshTokenLifetimeMs: 60_000, sessionLifetimeMs: 90_000, refreshGraceMs: 10_000 };
const now = new Date('2026-01-01T00:00:00Z');
const at = (ms: number) => new Date(now.getTime() + ms);
const spent = (token: Partial<SpentToken> = {}): SpentToken => ({
  sessionId: 's',
  accountId: 'a',
  usedAt: at(-1),
  expiresAt: at(60_000),
  sessionLives: true,
  ...token,
});

describe('a refresh token that was used before', () => {
  it('is a repetition within the grace time and a theft after it', () => {
    expect(judge(spent({ usedAt: at(-9_999) }), now, rule)).toBe('repeat');
    expect(judge(spent({ usedAt: at(-10_000) }), now, rule)).toBe('reused');
  });

  it('is a repetition when the clocks of two machines differ', () => {
    expect(judge(spent({ usedAt: at(300) }), now, rule)).toBe('repeat');
  });

  it('is dead once it or its session is over', () => {
    expect(judge(spent({ sessionLives: false }), now, rule)).toBe('dead');
    expect(judge(spent({ expiresAt: now }), now, rule)).toBe('dead');
    expect(judge(spent({ usedAt: undefined }), now, rule)).toBe('dead');
  });
});

describe('a session', () => {
  it('ends after its lifetime, and its tokens with it', () => {
    const session = openSession({ id: 's', accountId: 'a', userAgent: undefined, clientAddress: undefined, at: now }, rule);

    expect(session.expiresAt).toEqual(at(90_000));
    expect(tokenExpiry(now, session.expiresAt, rule)).toEqual(at(60_000));
    expect(tokenExpiry(at(50_000), session.expiresAt, rule)).toEqual(at(90_000));
  });
});
