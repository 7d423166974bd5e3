import { defineConfig } from '@emporium/config';
import { PlatformModule, platformConfig, type ServiceConfig } from '@emporium/service-defaults';
import { Module } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { startApp } from './start-app.ts';
import { testKeys } from './test-keys.ts';

@Module({})
class Root {}

const config = defineConfig(platformConfig({ port: 3999, managementPort: 9999 }));
const module = (loaded: ServiceConfig) => ({ module: Root, imports: [PlatformModule.with(loaded, { name: 'product' })] });

describe('a service in the process of a spec', () => {
  it('listens on ports of its own, knows its keys, and ends', async () => {
    const app = await startApp({ name: 'product', module, config });
    const { status, body } = await app.request('GET', '/ready', { caller: null });
    const unknown = await app.request('GET', '/nothing', { as: { sub: 'ann', role: 'admin' } });

    expect(status).toBe(200);
    expect(body.status).toBe('ready');
    expect(unknown.status).toBe(404);
    expect(await app.tokens.user('ann')).not.toBe(await app.tokens.user('bob'));
    await app.close();
    await expect(fetch(app.url)).rejects.toThrow();
  });

  it('fails the spec when the service does not stop cleanly', async () => {
    const app = await startApp({ name: 'product', module, config });
    app.service.lifecycle.onStop('stores', 'stuck', () => {
      throw new Error('stuck');
    });

    await expect(app.close()).rejects.toThrow('did not stop cleanly');
  });

  it('fails the spec when the service does not start', async () => {
    await expect(startApp({ name: 'product', module, config, environment: { PORT: 'http' } })).rejects.toThrow('PORT');
    await expect(startApp({ name: 'nobody', module, config })).rejects.toThrow('no service called nobody');
  });

  it('reads answers that are no JSON', async () => {
    const app = await startApp({ name: 'product', module, config, keys: testKeys() });
    const metrics = await app.request('GET', `${app.managementUrl}/metrics`, { caller: null });

    expect(metrics.body).toContain('emporium_http_requests_total');
    await app.close();
  });
});
