import { describe, expect, it } from 'vitest';
import { loadConfig } from './config.ts';

const needed = {
  DATABASE_URL: 'postgresql://payment_app@127.0.0.1/payment_db',
  SERVICE_TOKEN_KEY: '{}',
  SERVICE_TOKEN_PUBLIC_KEYS: '{}',
};

describe('the settings', () => {
  it('suit the simulator in development', () => {
    expect(loadConfig(needed)).toMatchObject({ port: 3005, managementPort: 9005, providerUrl: 'http://127.0.0.1:3006' });
  });

  it('want a real provider in production, and name all that is missing', () => {
    const load = () => loadConfig({ ...needed, NODE_ENV: 'production', PAYMENT_PROVIDER_TIMEOUT_MS: 'soon' });

    expect(load).toThrow(
      /(?=[\s\S]*PAYMENT_PROVIDER_URL)(?=[\s\S]*PAYMENT_PROVIDER_KEY)(?=[\s\S]*PAYMENT_WEBHOOK_SECRET)(?=[\s\S]*PAYMENT_PROVIDER_TIMEOUT_MS)/,
    );
  });
});
