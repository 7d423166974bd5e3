import { describe, expect, it } from 'vitest';
import { loadConfig } from './config.ts';

describe('the settings', () => {
  it('have defaults for development', () => {
    expect(loadConfig({ WEBHOOK_URL: '' })).toEqual({
      PORT: 3006,
      HOST: '127.0.0.1',
      WEBHOOK_SECRET: 'whsec_development',
      SIMULATOR_LATENCY_MS: 0,
    });
  });

  it('name every mistake at once', () => {
    expect(() => loadConfig({ PORT: 'x', WEBHOOK_URL: 'nowhere' })).toThrow(/PORT[\s\S]*WEBHOOK_URL/);
  });
});
