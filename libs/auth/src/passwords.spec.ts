import { hashSync, verify } from '@node-rs/argon2';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPasswordHasher, hashPassword, passwordNeedsRehash, verifyPassword } from './passwords.ts';

const actual = await vi.importActual<typeof import('@node-rs/argon2')>('@node-rs/argon2');

vi.mock('@node-rs/argon2', { spy: true });

const password = 'correct horse battery staple';
const owasp = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/;

describe('a password', () => {
  it('is hashed with argon2id at 19 MiB, two passes and one lane, never twice the same', async () => {
    const [one, two] = await Promise.all([hashPassword(password), hashPassword(password)]);

    expect(one).toMatch(owasp);
    expect(one).not.toBe(two);
  });

  it('is recognised, and no other is', async () => {
    const hash = await hashPassword(password);

    expect(await verifyPassword(hash, password)).toBe(true);
    expect(await verifyPassword(hash, `${password} `)).toBe(false);
    expect(await verifyPassword(hash, '')).toBe(false);
  });

  it('counts to its last byte: nothing is cut at 72', async () => {
    const long = 'x'.repeat(127);
    const hash = await hashPassword(`${long}a`);

    expect(await verifyPassword(hash, `${long}a`)).toBe(true);
    expect(await verifyPassword(hash, `${long}b`)).toBe(false);
  });

  it('is the same password on a keyboard that writes its letters in two parts', async () => {
    const hash = await hashPassword('caf\u00e9 au lait, sans sucre');

    expect(await verifyPassword(hash, 'cafe\u0301 au lait, sans sucre')).toBe(true);
  });

  it('is refused loudly when its hash is damaged', async () => {
    await expect(verifyPassword('not a hash', password)).rejects.toThrow();
  });

  it('should be hashed anew when its hash was made more cheaply', async () => {
    const cheap = hashSync(password, { algorithm: 2, memoryCost: 4_096, timeCost: 2, parallelism: 1 });

    expect(passwordNeedsRehash(cheap)).toBe(true);
    expect(passwordNeedsRehash(await hashPassword(password))).toBe(false);
  });
});

describe('an unknown user', () => {
  beforeEach(() => {
    vi.mocked(verify).mockClear();
  });

  it('costs the same check as a known one: a dummy hash with the same parameters', async () => {
    expect(await verifyPassword(undefined, password)).toBe(false);

    const [hash, plain] = vi.mocked(verify).mock.calls[0] ?? [];
    expect(hash).toMatch(owasp);
    expect(passwordNeedsRehash(String(hash))).toBe(false);
    expect(plain).toBe(password);
  });

  it('is unknown even to whoever knows the password of the dummy hash', async () => {
    vi.mocked(verify).mockResolvedValueOnce(true);

    expect(await verifyPassword(undefined, password)).toBe(false);
  });
});

describe('many sign-ins at once', () => {
  afterEach(() => {
    vi.mocked(verify).mockReset().mockImplementation(actual.verify);
  });

  it('are hashed a few at a time, and shed when the line is full', async () => {
    let running = 0;
    let most = 0;
    vi.mocked(verify).mockImplementation(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
      return true;
    });
    const hasher = createPasswordHasher({ concurrency: 3, maxWaiting: 10 });

    const outcomes = await Promise.allSettled(Array.from({ length: 40 }, () => hasher.verifyPassword('a hash', password)));

    const shed = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(most).toBe(3);
    expect(shed).toHaveLength(27);
    expect(shed[0]?.reason).toMatchObject({ kind: 'unavailable', code: 'sign-in-busy', retryAfterSeconds: 1 });
  });

  it('leave room again when they are done, also after failures', async () => {
    vi.mocked(verify).mockRejectedValue(new Error('Decoding failed'));
    const hasher = createPasswordHasher({ concurrency: 1, maxWaiting: 1 });
    await Promise.allSettled(Array.from({ length: 5 }, () => hasher.verifyPassword('damaged', password)));

    await expect(hasher.hashPassword(password)).resolves.toMatch(owasp);
  });

  it('share one cap between sign-up and sign-in', async () => {
    const hasher = createPasswordHasher({ concurrency: 1, maxWaiting: 1 });

    const outcomes = await Promise.allSettled([
      hasher.hashPassword(password),
      hasher.verifyPassword(undefined, password),
      hasher.hashPassword(password),
    ]);

    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  });

  it('are not hashed for callers whose time is over', async () => {
    let begun = 0;
    vi.mocked(verify).mockImplementation(async () => {
      begun += 1;
      await new Promise((resolve) => setTimeout(resolve, 50));
      return true;
    });
    const hasher = createPasswordHasher({ concurrency: 1, maxWaiting: 100 });
    const deadline = Date.now() + 20;

    const outcomes = await Promise.allSettled([
      ...Array.from({ length: 30 }, () => hasher.verifyPassword('a hash', password, { deadline })),
      hasher.hashPassword(password, { deadline }),
    ]);

    const late = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(begun).toBe(1);
    expect(late).toHaveLength(30);
    expect(late[0]?.reason).toMatchObject({ kind: 'timeout', code: 'sign-in-late', retryAfterSeconds: 1 });
  });

  it('shed at the default bounds: three at work and a hundred in line', async () => {
    vi.mocked(verify).mockImplementation(() => new Promise((resolve) => setImmediate(resolve, true)));
    const hasher = createPasswordHasher();

    const outcomes = await Promise.allSettled(Array.from({ length: 120 }, () => hasher.verifyPassword('a hash', password)));

    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(17);
  });
});
