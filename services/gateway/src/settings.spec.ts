import { describe, expect, it } from 'vitest';
import { loadConfig } from './config.ts';
import { limitsFor } from './limits/limits.ts';
import { gatewaySettings } from './settings.ts';

const settingsIn = (environment: NodeJS.ProcessEnv = {}) =>
  gatewaySettings(loadConfig({ SERVICE_TOKEN_KEY: '{}', SERVICE_TOKEN_PUBLIC_KEYS: '{}', ...environment }));

describe('the settings of the gateway', () => {
  it('are by default what the environment says', () => {
    const { upstreams, limits } = settingsIn({
      RATE_LIMIT_PERCENT: '50',
      UPSTREAM_CONCURRENCY: '7',
      BREAKER_RESET_MS: '200',
    }).parse({});

    expect(limits).toEqual({ percent: 50, ...limitsFor('development', 0.5) });
    expect(Object.keys(upstreams)).toEqual(['user', 'product', 'order', 'payment']);
    for (const upstream of Object.values(upstreams))
      expect(upstream).toMatchObject({ timeoutMs: 2_900, bulkhead: { maxConcurrent: 7 }, breaker: { resetTimeoutMs: 200 } });
  });

  it('are stricter in production', () => {
    expect(settingsIn({ NODE_ENV: 'production' }).parse({}).limits).toEqual({ percent: 100, ...limitsFor('production', 1) });
  });

  it('change one limit, and scale all of them', () => {
    const { limits } = settingsIn().parse({ limits: { percent: 200, 'sign-in': { burst: 3 } } });

    expect(limits['sign-in']).toEqual({ perMinute: 2 * limitsFor('test', 1)['sign-in'].perMinute, burst: 6 });
    expect(limits.browse).toEqual(limitsFor('test', 2).browse);
  });

  it.each([
    ['a limit of nothing', { limits: { checkout: { burst: 0 } } }],
    ['a class that does not exist', { limits: { checkouts: { burst: 1 } } }],
    ['a share that is none', { limits: { percent: 0 } }],
  ])('refuse %s', (_what, given) => {
    expect(settingsIn().safeParse(given).success).toBe(false);
  });
});
