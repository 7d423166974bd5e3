import { describe, expect, it } from 'vitest';
import { codeOf, messageOf, StartError } from './errors.ts';
import { DEFAULT_PORTS } from './ports-of-platform.ts';
import { explain, greeting } from './runner.ts';
import { urlsOf } from './services.ts';

const platform = {
  urls: { ...urlsOf(DEFAULT_PORTS), simulator: 'http://127.0.0.1:3006', postgres: '', redis: '' },
  dataDir: '/shop/.data',
};

describe('the last words of a start', () => {
  it('name the addresses, the data folder and the sign-ins', () => {
    const words = greeting(platform, {}, 8_040);

    expect(words).toContain('Emporium is up after 8.0 s.');
    expect(words).toContain('http://127.0.0.1:8080/docs');
    expect(words).toContain('/shop/.data');
    expect(words).toContain('customer@emporium.test  emporium-customer-development');
  });

  it('do not show a password that was given', () => {
    const words = greeting(platform, { SEED_ADMIN_PASSWORD: 'a password of my own' }, 1);

    expect(words).not.toContain('a password of my own');
    expect(words).toContain('admin@emporium.test     (the value of SEED_ADMIN_PASSWORD)');
  });

  it('name no sign-ins in production, because none are seeded', () => {
    expect(greeting(platform, { NODE_ENV: 'production' }, 1)).not.toContain('emporium.test');
  });
});

describe('a failure', () => {
  it('that a person can put right is shown without a stack, a fault of the runner with it', () => {
    expect(explain(new StartError('Port 8080 is taken.'))).toBe('Port 8080 is taken.');
    expect(explain(new TypeError('fault'))).toMatch(/^TypeError: fault\n +at /);
    expect(explain('text')).toBe('text');
  });

  it('has a message and maybe a code', () => {
    expect(messageOf(new Error('a'))).toBe('a');
    expect(messageOf(1)).toBe('1');
    expect([codeOf({ code: 'EACCES' }), codeOf({ code: 1 }), codeOf({}), codeOf(null), codeOf('x')]).toEqual([
      'EACCES',
      ...Array(4).fill(undefined),
    ]);
  });
});
