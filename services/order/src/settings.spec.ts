import { describe, expect, it } from 'vitest';
import { loadConfig } from './config.ts';
import { orderSettings } from './settings.ts';

const keys = { SERVICE_TOKEN_KEY: '{}', SERVICE_TOKEN_PUBLIC_KEYS: '{}', DATABASE_URL: 'postgres://localhost/order' };
const settingsIn = (environment: NodeJS.ProcessEnv = {}) => orderSettings(loadConfig({ ...keys, ...environment }));

describe('the settings of the order service', () => {
  it('are by default what the environment says', () => {
    const { checkout, upstreams } = settingsIn({
      CHECKOUT_CONCURRENCY: '3',
      PRODUCT_TIMEOUT_MS: '700',
      PAYMENT_TIMEOUT_MS: '900',
      BREAKER_RESET_MS: '200',
    }).parse({});

    expect(checkout).toEqual({ patienceMs: 2_500, concurrency: 3, maxWaiting: 1_000, lineMs: 1_500 });
    expect(upstreams).toMatchObject({
      product: { timeoutMs: 700, breaker: { resetTimeoutMs: 200 } },
      payment: { timeoutMs: 900, breaker: { resetTimeoutMs: 200 } },
    });
  });

  it('take an unusual environment as it is', () => {
    const { checkout } = settingsIn({ CHECKOUT_PATIENCE_MS: '20000', CHECKOUT_LINE_MS: '30000' }).parse({
      checkout: { concurrency: 2 },
    });

    expect(checkout).toMatchObject({ patienceMs: 20_000, lineMs: 30_000, concurrency: 2 });
  });

  it.each([
    ['a line that is longer than the patience', { lineMs: 2_500 }, 'checkout.lineMs'],
    ['a patience that is shorter than the line', { patienceMs: 1_000 }, 'checkout.lineMs'],
    ['a patience beyond the start of the job', { patienceMs: 4_001 }, 'checkout.patienceMs'],
    ['nobody at all', { concurrency: 0 }, 'checkout.concurrency'],
    ['what is written down with an order', { orderDeadlineMs: 1_000 }, 'checkout'],
  ])('refuse %s', (_what, checkout, path) => {
    expect(
      settingsIn()
        .safeParse({ checkout })
        .error?.issues.map((issue) => issue.path.join('.')),
    ).toEqual([path]);
  });

  it('allow patience and line to change together', () => {
    expect(settingsIn().parse({ checkout: { patienceMs: 1_000, lineMs: 500 } }).checkout).toMatchObject({ patienceMs: 1_000 });
  });
});
