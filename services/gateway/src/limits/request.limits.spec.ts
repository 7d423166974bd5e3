import { describe, expect, it } from 'vitest';
import { limitsFor } from './limits.ts';
import { RequestLimits } from './request.limits.ts';

const limits = limitsFor('production', 1);

const requestLimits = (wait: number | Promise<number>) => {
  const keys: string[] = [];
  const handfuls = {
    take: (key: string) => {
      keys.push(key);
      return wait;
    },
  };
  return { limits: new RequestLimits(handfuls, () => limits), keys };
};

describe('the limits of a request', () => {
  it('are counted by class, and by address or user', async () => {
    const { limits, keys } = requestLimits(0);

    await limits.checkAddress('browse', '::ffff:203.0.113.7');
    await limits.checkUser('checkout', 'u-1');

    expect(keys).toEqual(['browse:address:203.0.113.7', 'checkout:user:u-1']);
  });

  it('say yes at once, or later', async () => {
    expect(requestLimits(0).limits.checkUser('browse', 'u-1')).toBeUndefined();
    await expect(requestLimits(Promise.resolve(0)).limits.checkUser('browse', 'u-1')).resolves.toBeUndefined();
  });

  it('pass at once what the hand holds a token for, by the same key', () => {
    const keys: string[] = [];
    const takeFromHand = (key: string) => keys.push(key) === 1;
    const limited = new RequestLimits({ take: () => 0, takeFromHand }, () => limits);

    expect([limited.passAtOnce('browse', '203.0.113.7'), limited.passAtOnce('browse', '203.0.113.7')]).toEqual([true, false]);
    expect(keys[0]).toBe('browse:address:203.0.113.7');
  });

  it('refuse with 429 and the time to wait, at once or later', async () => {
    const refusal = { kind: 'too-many-requests', code: 'rate-limited', retryAfterSeconds: 3 };

    expect(() => requestLimits(3).limits.checkUser('browse', 'u-1')).toThrow(expect.objectContaining(refusal));
    await expect(requestLimits(Promise.resolve(3)).limits.checkUser('browse', 'u-1')).rejects.toMatchObject(refusal);
  });
});
