import { describe, expect, it } from 'vitest';
import { loadConfig } from './config.ts';
import { limitsFor } from './limits/limits.ts';
import { gatewaySettings } from './settings.ts';
import { usualConcurrency } from './shedding/concurrency.ts';

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

  it('say how much may be under way: as measured, scaled by the environment, and class by class', () => {
    expect(settingsIn().parse({}).concurrency).toEqual({ percent: 100, ...usualConcurrency });
    expect(settingsIn({ CONCURRENCY_PERCENT: '200' }).parse({}).concurrency.checkout).toEqual({
      ...usualConcurrency.checkout,
      min: 2 * usualConcurrency.checkout.min,
      start: 2 * usualConcurrency.checkout.start,
      max: 2 * usualConcurrency.checkout.max,
    });
    const { concurrency } = settingsIn().parse({ concurrency: { percent: 50, browse: { max: 300, targetMs: 80 } } });
    expect(concurrency.browse).toMatchObject({ start: usualConcurrency.browse.start / 2, max: 150, targetMs: 80 });
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
    ['a door that begins wider than it may be', { concurrency: { checkout: { max: 10 } } }],
    ['a target of no time', { concurrency: { browse: { targetMs: 0 } } }],
  ])('refuse %s', (_what, given) => {
    expect(settingsIn().safeParse(given).success).toBe(false);
  });
});
