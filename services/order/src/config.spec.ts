import { describe, expect, it } from 'vitest';
import { loadConfig } from './config.ts';

const needed = {
  DATABASE_URL: 'postgresql://order_app@127.0.0.1/order_db',
  SERVICE_TOKEN_KEY: '{}',
  SERVICE_TOKEN_PUBLIC_KEYS: '{}',
};

describe('the settings', () => {
  it('let a request wait for less than the job, the key and the reservation', () => {
    const { checkoutPatienceMs, checkoutRecoveryDelayMs, checkoutKeyLeaseMs, orderDeadlineMs, ...config } = loadConfig(needed);

    expect(config).toMatchObject({ port: 3004, managementPort: 9004 });
    // 3 s: the contract. 900 s: RESERVATION_TTL_MS of the product service.
    const times = [checkoutPatienceMs, 3_000, checkoutRecoveryDelayMs, checkoutKeyLeaseMs, orderDeadlineMs, 900_000];
    expect(times.toSorted((a, b) => a - b)).toEqual(times);
  });

  it('name all that is wrong at once', () => {
    const load = () => loadConfig({ ...needed, PRODUCT_SERVICE_URL: 'product', CHECKOUT_PATIENCE_MS: 'long' });

    expect(load).toThrow(/(?=[\s\S]*PRODUCT_SERVICE_URL)(?=[\s\S]*CHECKOUT_PATIENCE_MS)/);
  });
});
