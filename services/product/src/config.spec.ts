import { describe, expect, it } from 'vitest';
import { loadConfig } from './config.ts';

const needed = {
  DATABASE_URL: 'postgresql://product_app@localhost/product_db',
  SERVICE_TOKEN_KEY: '{}',
  SERVICE_TOKEN_PUBLIC_KEYS: '{"keys":[]}',
};

describe('the settings', () => {
  it('have defaults for everything but addresses and keys', () => {
    expect(loadConfig(needed)).toMatchObject({
      port: 3003,
      managementPort: 9003,
      reservationTtlMs: 900_000,
      cacheTtlMs: 15_000,
      currency: 'EUR',
    });
  });

  it('that are wrong are all named at once', () => {
    const load = () => loadConfig({ ...needed, DATABASE_URL: '', RESERVATION_TTL_MS: '15m', PRODUCT_CACHE_TTL_MS: '-1' });

    expect(load).toThrow(/DATABASE_URL/);
    expect(load).toThrow(/RESERVATION_TTL_MS/);
    expect(load).toThrow(/PRODUCT_CACHE_TTL_MS/);
  });
});
