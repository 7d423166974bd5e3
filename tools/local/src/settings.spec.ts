import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.ts';

describe('the settings of the runner', () => {
  it('have defaults for everything, also where a variable is empty', () => {
    expect(readSettings({ DATABASE_URL: '', GATEWAY_PORT: '' }, '/shop')).toEqual({
      dataDir: '/shop/.data',
      gatewayPort: 8080,
      databaseUrl: undefined,
      redisUrl: undefined,
      paymentProviderUrl: undefined,
    });
  });

  it('take addresses that replace what would be started', () => {
    const environment = {
      EMPORIUM_DATA_DIR: '/elsewhere',
      GATEWAY_PORT: '80',
      DATABASE_URL: 'postgres://admin@db/postgres',
      REDIS_URL: 'rediss://cache',
      PAYMENT_PROVIDER_URL: 'https://api.stripe.com',
    };

    expect(readSettings(environment, '/shop')).toEqual({
      dataDir: '/elsewhere',
      gatewayPort: 80,
      databaseUrl: 'postgres://admin@db/postgres',
      redisUrl: 'rediss://cache',
      paymentProviderUrl: 'https://api.stripe.com',
    });
  });

  it('tell of all mistakes at once', () => {
    const environment = {
      GATEWAY_PORT: '80a',
      DATABASE_URL: 'mysql://db',
      REDIS_URL: 'localhost',
      PAYMENT_PROVIDER_URL: 'ftp://x',
    };

    expect(() => readSettings(environment, '/shop')).toThrow(
      /DATABASE_URL[\s\S]*REDIS_URL[\s\S]*PAYMENT_PROVIDER_URL[\s\S]*GATEWAY_PORT/,
    );
  });

  it.each(['0', '65536', '1.5', '-1'])('refuse %s as a port', (port) => {
    expect(() => readSettings({ GATEWAY_PORT: port }, '/shop')).toThrow('GATEWAY_PORT must be a number from 1 to 65535');
  });
});
