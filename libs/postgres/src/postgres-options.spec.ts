import { describe, expect, it } from 'vitest';
import { toPoolConfig, withDefaults } from './postgres-options.ts';

describe('the options of a pool', () => {
  it('leave no wait without an end, and keep idle connections from being forgotten on their way', () => {
    const config = toPoolConfig(withDefaults({ url: 'postgresql://localhost/shop', applicationName: 'shop' }));

    expect(config).toMatchObject({
      max: 20,
      min: 5,
      idleTimeoutMillis: 30_000,
      connectionTimeoutMillis: 2_000,
      statement_timeout: 3_000,
      lock_timeout: 500,
      idle_in_transaction_session_timeout: 5_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    });
    // It would give a connection back in the middle of its query (https://github.com/brianc/node-postgres/issues/3399).
    expect(config).not.toHaveProperty('query_timeout');
  });

  it('keep a small pool small', () => {
    expect(withDefaults({ url: 'postgresql://localhost/shop', applicationName: 'shop', max: 2 })).toMatchObject({
      max: 2,
      min: 2,
    });
  });
});
