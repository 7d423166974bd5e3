import { describe, expect, it } from 'vitest';
import { loadConfig } from './config.ts';

const needed = { SERVICE_TOKEN_KEY: '{}', SERVICE_TOKEN_PUBLIC_KEYS: '{}' };

describe('the configuration', () => {
  it('needs nothing but keys', () => {
    expect(loadConfig(needed)).toMatchObject({
      port: 8080,
      managementPort: 9001,
      productServiceUrl: expect.stringContaining('127.0.0.1:3003'),
      rateLimitPercent: 100,
      upstreamConcurrency: 512,
    });
  });

  it('lists all mistakes at once', () => {
    const bad = { ...needed, RATE_LIMIT_PERCENT: '0', UPSTREAM_CONCURRENCY: 'many', ORDER_SERVICE_URL: 'nowhere' };

    for (const name of ['RATE_LIMIT_PERCENT', 'UPSTREAM_CONCURRENCY', 'ORDER_SERVICE_URL'])
      expect(() => loadConfig(bad)).toThrow(name);
  });
});
