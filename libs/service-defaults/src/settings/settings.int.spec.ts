import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Settings, SettingsReport } from '@emporium/settings';
import { type FakeHttp, fakeHttp, startApp, type TestApp } from '@emporium/testing';
import type { DynamicModule } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { TinyModule } from '../../test/tiny.module.ts';
import { loadConfig, type TinyConfig } from '../../test/tiny.service.ts';
import { PlatformModule, SETTINGS, ServiceClients, type ServiceSettings, serviceSettings } from '../index.ts';

const module = (config: TinyConfig): DynamicModule => {
  const settings = serviceSettings(config, { order: { retry: { attempts: 0 } } });
  return { module: class Root {}, imports: [PlatformModule.with(config, { name: 'product', settings }), TinyModule] };
};

describe('the settings of a running service', () => {
  let folder: string;
  let file: string;
  let order: FakeHttp;
  let app: TestApp;

  const replace = async (content: unknown) => {
    await writeFile(`${file}.new`, JSON.stringify(content));
    await rename(`${file}.new`, file);
  };
  const settings = () => app.get<Settings<ServiceSettings<'order'>>>(SETTINGS);
  const shown = async () => (await (await fetch(`${app.managementUrl}/settings`)).json()) as SettingsReport;
  const start = async () => {
    app = await startApp({ name: 'product', module, config: loadConfig, environment: { SETTINGS_FILE: file } });
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'settings-'));
    file = join(folder, 'settings.json');
    order = await fakeHttp({ 'GET /': { status: 500 } });
  });
  afterEach(async () => {
    await app.close();
    await order.close();
    await rm(folder, { recursive: true });
  });

  it('are read before anything asks for them, and shown on the management port', async () => {
    await replace({ product: { upstreams: { order: { timeoutMs: 123 } } } });

    await start();

    expect(settings().current.upstreams.order.timeoutMs).toBe(123);
    expect(await shown()).toMatchObject({
      file,
      valid: true,
      problems: [],
      settings: { upstreams: { order: { timeoutMs: 123, breaker: { volumeThreshold: 10 } } } },
    });
    expect((await app.request('GET', '/settings')).status).toBe(404);
  });

  it('say what is wrong with the file, without what stands there', async () => {
    await replace({ product: { upstreams: { order: { timeoutMs: 'sk_live_secret' } } }, unheard: {} });

    await start();

    const report = await shown();
    expect(report).toMatchObject({ valid: false, settings: { upstreams: { order: { timeoutMs: 3_000 } } } });
    expect(report.problems).toEqual([expect.stringContaining('unheard'), expect.stringContaining('product.upstreams.order')]);
    expect(JSON.stringify(report)).not.toContain('sk_live');
  });

  it('change the breaker of a client that is in use, also from the section for all', async () => {
    await start();
    const client = app
      .get(ServiceClients)
      .to('order', { baseUrl: order.url, settings: () => settings().current.upstreams.order });
    const calls = async (times: number) => {
      for (let index = 0; index < times; index += 1) await client.get('/', z.unknown()).catch(() => undefined);
    };
    await calls(5);
    expect(client.state).toBe('closed');

    await replace({ all: { upstreams: { all: { breaker: { volumeThreshold: 3 } } } } });
    await settings().poll();
    await calls(1);
    expect(client.state).toBe('open');

    await replace({ product: { upstreams: { order: { breaker: { enabled: 'yes' } } } } });
    await settings().poll();
    expect(client.state).toBe('open');

    await replace({ product: { upstreams: { order: { breaker: { enabled: false } } } } });
    await settings().poll();
    expect(client.state).toBe('closed');
    await calls(1);
    expect(order.calls).toHaveLength(7);
  });

  it('change how much may be under way before requests are refused', async () => {
    await start();
    const crowd = async () => {
      const answers = await Promise.all([1, 2, 3, 4].map(() => app.request('GET', '/v1/trouble/late?ms=500')));
      return answers.map(({ status }) => status).toSorted();
    };
    expect(await crowd()).toEqual([200, 200, 200, 200]);

    await replace({ all: { shedding: { inFlightMax: 1 } } });
    await settings().poll();
    expect(await crowd()).toEqual([200, 503, 503, 503]);

    await replace({ all: { shedding: { inFlightMax: 1 } }, product: { shedding: { inFlightMax: 100 } } });
    await settings().poll();
    expect(await crowd()).toEqual([200, 200, 200, 200]);
  });

  it('are no longer looked for after the service has stopped', async () => {
    await start();
    await app.close();
    await replace({ product: { upstreams: { order: { timeoutMs: 1 } } } });

    await settings().start();

    expect(settings().current.upstreams.order.timeoutMs).toBe(1);
    await start();
  });
});
