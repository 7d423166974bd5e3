import { defaultUpstreamSettings } from '@emporium/http-client';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { serviceSettings, settingsOfAll } from './service.settings.ts';

const line = z.strictObject({ size: z.int().default(12) }).prefault({});
const config = { breakerResetMs: 5_000, loopDelayMaxMs: 300, inFlightMax: 40 };
const schema = serviceSettings(
  config,
  { product: { timeoutMs: 800, breaker: { volumeThreshold: 7 } }, payment: { breaker: { resetTimeoutMs: 9_000 } } },
  { line },
);
const breaker = { ...defaultUpstreamSettings.breaker, resetTimeoutMs: 5_000 };
const defaults = {
  upstreams: {
    product: { ...defaultUpstreamSettings, timeoutMs: 800, breaker: { ...breaker, volumeThreshold: 7 } },
    payment: { ...defaultUpstreamSettings, breaker: { ...breaker, resetTimeoutMs: 9_000 } },
  },
  shedding: { loopDelayMaxMs: 300, inFlightMax: 40 },
  line: { size: 12 },
};

const problemOf = (given: unknown) => {
  const { error } = schema.safeParse(given);
  return error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
};

describe('the settings of a service', () => {
  it('are complete without anything said', () => {
    expect(schema.parse({})).toEqual(defaults);
    expect(serviceSettings(config).parse({})).toEqual({ upstreams: {}, shedding: defaults.shedding });
  });

  it('take defaults of the environment as they are, also beyond the bounds of a file', () => {
    const generous = serviceSettings(config, { product: { timeoutMs: 3_600_000 } });

    expect(generous.parse({}).upstreams.product.timeoutMs).toBe(3_600_000);
    expect(generous.safeParse({ upstreams: { product: { timeoutMs: 3_600_000 } } }).success).toBe(false);
  });

  it('change one thing of one upstream and leave the rest', () => {
    const { upstreams } = schema.parse({ upstreams: { product: { breaker: { volumeThreshold: 3 } } } });

    expect(upstreams.payment).toEqual(defaults.upstreams.payment);
    expect(upstreams.product).toEqual({
      ...defaults.upstreams.product,
      breaker: { ...defaults.upstreams.product.breaker, volumeThreshold: 3 },
    });
  });

  it('say something of all upstreams at once, unless one says otherwise', () => {
    const all = { timeoutMs: 100, retry: { attempts: 0, budgetRatio: 0 } };

    const { upstreams } = schema.parse({ upstreams: { all, payment: { timeoutMs: 200, retry: { attempts: 2 } } } });

    expect(upstreams.product).toEqual({ ...defaults.upstreams.product, ...all });
    expect(upstreams.payment).toEqual({ ...defaults.upstreams.payment, timeoutMs: 200, retry: { attempts: 2, budgetRatio: 0 } });
  });

  it.each([
    ['an upstream it does not have', { upstreams: { user: {} } }, 'upstreams: Unrecognized key: "user"'],
    ['an upstream that is none', { upstreams: { all: {}, product: 1 } }, 'upstreams.product: Invalid input'],
    ['a list of upstreams', { upstreams: [] }, 'upstreams: Invalid input'],
    ['something of all that is nothing', { upstreams: { all: 1 } }, 'upstreams.all: Invalid input'],
    ['a name that does not exist', { upstreams: { product: { timeout: 1 } } }, 'upstreams.product: Unrecognized key: "timeout"'],
    ['no time', { upstreams: { product: { timeoutMs: 0 } } }, 'upstreams.product.timeoutMs: Too small'],
    ['no room', { upstreams: { product: { bulkhead: { maxConcurrent: 0 } } } }, 'bulkhead.maxConcurrent: Too small'],
    ['more than all calls', { upstreams: { product: { breaker: { errorThresholdPercentage: 101 } } } }, 'Too big'],
    ['a storm of retries', { upstreams: { product: { retry: { attempts: 100 } } } }, 'retry.attempts: Too big'],
    ['a door that is closed', { shedding: { inFlightMax: 0 } }, 'shedding.inFlightMax: Too small'],
    ['a section of its own that is wrong', { line: { size: 'x' } }, 'line.size: Invalid input'],
    ['a section it does not have', { limits: {} }, 'Unrecognized key: "limits"'],
  ])('refuse %s', (_what, given, problem) => {
    expect(problemOf(given)?.join('\n')).toContain(problem);
  });

  it('can be said to every service at once only as far as every service has them', () => {
    expect(settingsOfAll.safeParse({ upstreams: { all: { retry: { attempts: 0 } } } }).success).toBe(true);
    expect(settingsOfAll.safeParse({ shedding: { loopDelayMaxMs: 100 } }).success).toBe(true);
    expect(settingsOfAll.safeParse({}).success).toBe(true);
    expect(settingsOfAll.safeParse({ upstreams: { product: {} } }).success).toBe(false);
    expect(settingsOfAll.safeParse({ line: {} }).success).toBe(false);
    expect(settingsOfAll.safeParse({ upstreams: { all: { retries: 1 } } }).success).toBe(false);
  });
});
