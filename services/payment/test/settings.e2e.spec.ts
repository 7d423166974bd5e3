import { mkdtempSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SETTINGS } from '@emporium/service-defaults';
import type { Settings } from '@emporium/settings';
import {
  answer,
  hang,
  type ScriptedServer,
  scriptedServer,
  startApp,
  type TestApp,
  testDatabase,
  testRedis,
} from '@emporium/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { appModule } from '../src/app.module.ts';
import { loadConfig } from '../src/config.ts';
import { migrations } from '../src/migrations.ts';
import { PAYMENT_SETTINGS, type PaymentSettings } from '../src/payment.settings.ts';
import type { PaymentRuntimeSettings } from '../src/settings.ts';
import { aCharge, anOrder } from './payment-world.ts';

describe('settings that change while the payment service runs', () => {
  const db = testDatabase('payment_settings', { migrations, jobs: true });
  const redis = testRedis();
  const folder = mkdtempSync(join(tmpdir(), 'settings-'));
  const file = join(folder, 'settings.json');
  let provider: ScriptedServer;
  let app: TestApp;

  const change = async (toProvider: object) => {
    await writeFile(`${file}.new`, JSON.stringify({ payment: { upstreams: { 'payment-provider': toProvider } } }));
    await rename(`${file}.new`, file);
    await app.get<Settings<PaymentRuntimeSettings>>(SETTINGS).poll();
  };
  const charge = async () => {
    const startedAt = performance.now();
    const { status } = await app.request('PUT', `/internal/payments/${anOrder()}`, { caller: 'order', body: aCharge() });
    return { status, tookMs: performance.now() - startedAt };
  };

  beforeAll(async () => {
    provider = await scriptedServer();
    const environment = {
      DATABASE_URL: db.url,
      REDIS_URL: redis.url,
      PAYMENT_PROVIDER_URL: provider.url,
      PAYMENT_PROVIDER_TIMEOUT_MS: '10000',
      // The jobs that look after charges are not what is looked at here.
      PAYMENT_RECOVERY_DELAY_MS: '600000',
      SETTINGS_FILE: file,
    };
    app = await startApp({ name: 'payment', module: (config) => appModule(config), config: loadConfig, environment });
  }, 60_000);
  beforeEach(() => change({}));
  afterAll(async () => {
    await provider.close();
    await app.close();
    await rm(folder, { recursive: true });
  }, 30_000);

  it('give a call to the provider less time', async () => {
    provider.behave(hang);
    await change({ timeoutMs: 150 });

    const { status, tookMs } = await charge();

    expect(status).toBe(504);
    expect(tookMs).toBeLessThan(8_000);
  });

  it('keep the right to ask longer than two calls may take', async () => {
    const { attemptMs } = app.get<PaymentSettings>(PAYMENT_SETTINGS);
    expect(attemptMs).toBe(21_000);

    await change({ timeoutMs: 30_000 });

    expect(app.get<PaymentSettings>(PAYMENT_SETTINGS).attemptMs).toBe(61_000);
  });

  it('open the circuit to the provider sooner, and turn it off', async () => {
    provider.behave(answer(500, { error: { type: 'api_error', message: 'no' } }));
    await change({ breaker: { volumeThreshold: 2, errorThresholdPercentage: 1, resetTimeoutMs: 60_000 } });
    for (let index = 0; index < 3; index += 1) await charge();
    const before = provider.requests.length;
    await charge();
    expect(provider.requests).toHaveLength(before);

    await change({ breaker: { enabled: false } });
    await charge();

    expect(provider.requests).toHaveLength(before + 1);
  });

  it('let fewer calls to the provider be under way', async () => {
    provider.behave(hang);
    await change({ timeoutMs: 300, breaker: { enabled: false }, bulkhead: { maxConcurrent: 2 } });
    const before = provider.requests.length;

    await Promise.all(Array.from({ length: 6 }, charge));

    expect(provider.requests).toHaveLength(before + 2);
  });
});
