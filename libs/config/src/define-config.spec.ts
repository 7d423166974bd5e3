import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { ConfigError } from './config-error.ts';
import { defineConfig } from './define-config.ts';
import { env } from './env.ts';

const mistakesOf = (load: () => unknown): readonly string[] => {
  try {
    load();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

describe('loading settings', () => {
  it('gives typed values', () => {
    const load = defineConfig({
      port: env.port('PORT', { default: 3004 }),
      databaseUrl: env.url('DATABASE_URL'),
      timeoutMs: env.duration('PRODUCT_TIMEOUT_MS', { default: 800 }),
      level: env.oneOf('LOG_LEVEL', ['error', 'info'], { default: 'info' }),
      dsn: env.url('SENTRY_DSN', { optional: true }),
      key: env.secret('KEY', { requiredInProduction: true }),
    });

    const config = load({ DATABASE_URL: 'postgresql://app@db/order_db', PRODUCT_TIMEOUT_MS: '900' });

    expect(config).toEqual({
      port: 3004,
      databaseUrl: 'postgresql://app@db/order_db',
      timeoutMs: 900,
      level: 'info',
      dsn: undefined,
      key: undefined,
    });
    expectTypeOf(config.port).toEqualTypeOf<number>();
    expectTypeOf(config.databaseUrl).toEqualTypeOf<string>();
    expectTypeOf(config.level).toEqualTypeOf<'error' | 'info'>();
    expectTypeOf(config.dsn).toEqualTypeOf<string | undefined>();
    expectTypeOf(config.key).toEqualTypeOf<string | undefined>();
  });

  it('lists every mistake at once', () => {
    const load = defineConfig({
      port: env.port('PORT'),
      managementPort: env.port('MANAGEMENT_PORT', { default: 9004 }),
      databaseUrl: env.url('DATABASE_URL'),
      level: env.oneOf('LOG_LEVEL', ['error', 'info']),
      debug: env.boolean('DEBUG'),
    });

    const environment = { PORT: '70000', DATABASE_URL: 'localhost', LOG_LEVEL: 'loud' };

    expect(mistakesOf(() => load(environment))).toEqual([
      'PORT must be a whole number from 0 to 65535',
      'DATABASE_URL must be an absolute URL like http://host:port',
      'LOG_LEVEL must be one of error, info',
      'DEBUG is missing',
    ]);
    expect(() => load(environment)).toThrow('The configuration has 4 mistakes:\n  PORT must be');
    expect(() => load({ ...environment, PORT: '1', DATABASE_URL: 'a://b', LOG_LEVEL: 'info' })).toThrow(
      'has a mistake:\n  DEBUG',
    );
  });

  it('never repeats what it found, which may be a secret in the wrong place', () => {
    const secret = 'sk_live_4711';
    const spec = {
      port: env.port('A'),
      url: env.url('B'),
      count: env.integer('C', { min: 1 }),
      waitMs: env.duration('D_MS'),
      flag: env.boolean('E'),
      word: env.oneOf('F', ['x', 'y']),
      broken: env.json('G', z.object({})),
      shape: env.json('H', z.strictObject({ a: z.enum(['x']) })),
      key: env.json('I', z.object({ kty: z.literal('EC') }), { secret: true }),
    };
    const environment = {
      A: secret,
      B: secret,
      C: secret,
      D_MS: secret,
      E: secret,
      F: secret,
      G: secret,
      H: JSON.stringify({ a: secret }),
      I: JSON.stringify({ kty: secret }),
    };

    const mistakes = mistakesOf(() => defineConfig(spec)(environment));

    expect(mistakes).toHaveLength(Object.keys(spec).length);
    expect(mistakes.join()).not.toContain(secret);
  });

  it('takes an empty variable for a missing one, as compose files write it', () => {
    const load = defineConfig({ url: env.url('URL', { default: 'http://a' }), key: env.secret('KEY') });

    expect(mistakesOf(() => load({ URL: '', KEY: '' }))).toEqual(['KEY is missing']);
    expect(load({ URL: '', KEY: 'k' }).url).toBe('http://a');
  });

  it('cannot be changed afterwards', () => {
    const config = defineConfig({ port: env.port('PORT', { default: 1 }) })({});

    expect(() => Object.assign(config, { port: 2 })).toThrow(TypeError);
  });

  it('refuses a variable that is named twice', () => {
    expect(() => defineConfig({ a: env.port('PORT'), b: env.string('PORT') })).toThrow('PORT is named twice');
  });

  it('lets a bug in a reader show as what it is', () => {
    const broken = {
      ...env.string('A'),
      read: () => {
        throw new TypeError('a bug');
      },
    };

    expect(() => defineConfig({ broken })({ A: 'x' })).toThrow(TypeError);
  });
});

describe('production', () => {
  const load = defineConfig({
    key: env.secret('KEY', { default: 'development-only', requiredInProduction: true }),
    limit: env.integer('LIMIT', { default: 1_000, defaultInProduction: 10 }),
  });

  it('asks for what development has a default for', () => {
    expect(load({}).key).toBe('development-only');
    expect(mistakesOf(() => load({ NODE_ENV: 'production' }))).toEqual(['KEY is missing (required in production)']);
    expect(load({ NODE_ENV: 'production', KEY: 'real' }).key).toBe('real');
  });

  it('may be stricter than development', () => {
    expect(load({}).limit).toBe(1_000);
    expect(load({ NODE_ENV: 'production', KEY: 'real' }).limit).toBe(10);
    expect(load({ NODE_ENV: 'production', KEY: 'real', LIMIT: '20' }).limit).toBe(20);
  });
});

describe('a value in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'config-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const fileWith = (content: string): string => {
    const file = join(folder, 'secret');
    writeFileSync(file, content);
    return file;
  };
  const load = defineConfig({ url: env.url('DATABASE_URL'), key: env.secret('KEY', { default: 'development-only' }) });

  it('is that of the variable without _FILE, less the line break at its end', () => {
    expect(load({ DATABASE_URL: 'a://b', KEY_FILE: fileWith(' two\nlines \n') }).key).toBe(' two\nlines ');
    expect(load({ DATABASE_URL_FILE: fileWith('postgresql://app:s3cret@db/order_db\r\n') }).url).toBe(
      'postgresql://app:s3cret@db/order_db',
    );
  });

  it('counts as missing when the file is empty or none is named', () => {
    expect(load({ DATABASE_URL: 'a://b', KEY_FILE: fileWith('\n') }).key).toBe('development-only');
    expect(mistakesOf(() => load({ DATABASE_URL_FILE: '' }))).toEqual(['DATABASE_URL is missing']);
  });

  it('is read as strictly as any other, and never repeated', () => {
    expect(mistakesOf(() => load({ DATABASE_URL_FILE: fileWith('no address') }))).toEqual([
      'DATABASE_URL must be an absolute URL like http://host:port',
    ]);
  });

  it('must be readable, and the only one', () => {
    const environment = { DATABASE_URL_FILE: join(folder, 'sk_live_4711'), KEY: 'one', KEY_FILE: fileWith('two') };

    expect(mistakesOf(() => load(environment))).toEqual([
      'DATABASE_URL cannot be read from the file of DATABASE_URL_FILE (ENOENT)',
      'KEY must not be set together with KEY_FILE',
    ]);
  });

  it('cannot be meant by the name of another variable', () => {
    expect(() => defineConfig({ a: env.string('SETTINGS'), b: env.string('SETTINGS_FILE') })).toThrow(
      'SETTINGS_FILE is both a variable and the file of SETTINGS.',
    );
  });
});

describe('the description of the variables', () => {
  it('names each with kind and default, without reading anything and without secrets', () => {
    const load = defineConfig({
      port: env.port('PORT', { default: 3004 }),
      key: env.secret('KEY', { default: 'development-only', requiredInProduction: true }),
      limit: env.integer('LIMIT', { default: 9, defaultInProduction: 1 }),
      url: env.url('URL'),
    });

    expect(load.variables).toEqual([
      { setting: 'port', name: 'PORT', kind: 'port', secret: false, optional: true, requiredInProduction: false, default: 3004 },
      { setting: 'key', name: 'KEY', kind: 'secret', secret: true, optional: true, requiredInProduction: true },
      {
        setting: 'limit',
        name: 'LIMIT',
        kind: 'integer',
        secret: false,
        optional: true,
        requiredInProduction: false,
        default: 9,
        defaultInProduction: 1,
      },
      { setting: 'url', name: 'URL', kind: 'url', secret: false, optional: false, requiredInProduction: false },
    ]);
  });
});
