import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

  it('take the secret from a file that is named', () => {
    const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
    const file = join(folder, 'secret');
    writeFileSync(file, 'whsec_from_a_file\n');

    const { WEBHOOK_SECRET } = loadConfig({ WEBHOOK_SECRET_FILE: file });

    expect(WEBHOOK_SECRET).toBe('whsec_from_a_file');
    rmSync(folder, { recursive: true });
  });
});
