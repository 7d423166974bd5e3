import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from '@emporium/redis';
import { REDIS, SETTINGS } from '@emporium/service-defaults';
import type { Settings } from '@emporium/settings';
import { testRedis } from '@emporium/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GatewaySettings } from '../src/settings.ts';
import { json } from './fake-service.ts';
import { GatewayWorld } from './gateway-world.ts';

/** Mounted as Kubernetes mounts a ConfigMap: the file is a link into `..data`, which is a link to a folder that is replaced. */
class ConfigMap {
  private releases = 0;

  private constructor(readonly folder: string) {}

  static async mount(content: unknown): Promise<ConfigMap> {
    const map = new ConfigMap(await mkdtemp(join(tmpdir(), 'settings-')));
    await map.update(typeof content === 'string' ? content : JSON.stringify(content));
    await symlink(join('..data', 'settings.json'), map.file);
    return map;
  }

  get file(): string {
    return join(this.folder, 'settings.json');
  }

  async update(content: unknown): Promise<void> {
    this.releases += 1;
    const release = `..release_${this.releases}`;
    await mkdir(join(this.folder, release));
    await writeFile(join(this.folder, release, 'settings.json'), typeof content === 'string' ? content : JSON.stringify(content));
    await symlink(release, join(this.folder, '..data_tmp'));
    await rename(join(this.folder, '..data_tmp'), join(this.folder, '..data'));
  }
}

describe('settings that change while the gateway runs', () => {
  const redis = testRedis();
  let map: ConfigMap;
  let world: GatewayWorld;

  beforeEach(async () => {
    await redis.redis.flushdb();
    map = await ConfigMap.mount({});
    world = await GatewayWorld.start({ REDIS_URL: redis.url, SETTINGS_FILE: map.file, TRUSTED_PROXIES: '127.0.0.1' });
    await vi.waitFor(() => expect(world.app.get<Redis>(REDIS).status).toBe('ready'), { timeout: 5_000 });
  });
  afterEach(async () => {
    await world.close();
    await rm(map.folder, { recursive: true });
  });

  const settings = () => world.app.get<Settings<GatewaySettings>>(SETTINGS);
  const change = async (content: unknown) => {
    await map.update(content);
    await settings().poll();
  };
  const login = async (address = '203.0.113.1') => {
    const answer = await world.call('POST', '/v1/auth/login', { headers: { 'x-forwarded-for': address }, body: '{}' });
    return answer.status;
  };
  const logins = async (times: number, address?: string) => {
    const statuses: number[] = [];
    for (let index = 0; index < times; index += 1) statuses.push(await login(address));
    return statuses;
  };
  const products = async (times: number) => {
    const codes: unknown[] = [];
    for (let index = 0; index < times; index += 1) {
      const { body, status } = await world.call('POST', '/v1/products', { as: { role: 'admin' }, body: '{}' });
      codes.push(body.code ?? status);
    }
    return codes;
  };

  it('tighten a rate limit, and let a refused client in again when it is widened', async () => {
    expect(await logins(6)).toEqual(Array(6).fill(200));

    await change({ gateway: { limits: { 'sign-in': { burst: 3, perMinute: 1 } } } });
    // What the gateway had set aside for this address under the wide limit is gone.
    expect((await logins(5)).filter((status) => status === 200).length).toBeLessThanOrEqual(3);
    expect(await logins(5, '203.0.113.2')).toEqual([200, 200, 200, 429, 429]);

    await change({ gateway: { limits: { 'sign-in': { burst: 600, perMinute: 60_000 } } } });
    await expect.poll(() => login('203.0.113.2'), { timeout: 5_000 }).toBe(200);
  });

  it('scale all limits at once', async () => {
    await change({ gateway: { limits: { percent: 1 } } });

    expect((await logins(7)).at(-1)).toBe(429);
  });

  it('open a circuit after fewer failures, and turn it off', async () => {
    const { calls, behave } = world.services.product;
    behave((_call, response) => json(response, 500, {}));
    await products(4);
    expect(calls).toHaveLength(4);

    await change({ gateway: { upstreams: { product: { breaker: { volumeThreshold: 3 } } } } });
    await products(3);
    expect(calls).toHaveLength(5);

    await change({ gateway: { upstreams: { all: { breaker: { enabled: false } } } } });
    await products(2);
    expect(calls).toHaveLength(7);
  });

  it('shorten the time of a service, for all services at once', async () => {
    world.services.product.behave(() => undefined);

    await change({ all: { upstreams: { all: { timeoutMs: 50 } } } });

    expect(await products(1)).toEqual(['product-timeout']);
  });

  it('stay as they are when the new file is bad, for requests and for who looks', async () => {
    await change({ gateway: { limits: { 'sign-in': { burst: 3, perMinute: 1 } } } });

    await change('{ "gateway": { "limits": { "sign-in": { "burst": 1000000');

    expect(await logins(4)).toEqual([200, 200, 200, 429]);
    const report = (await (await fetch(`${world.app.managementUrl}/settings`)).json()) as { valid: boolean; settings: unknown };
    expect(report).toMatchObject({ valid: false, settings: { limits: { 'sign-in': { burst: 3, perMinute: 1 } } } });
    expect(await (await fetch(`${world.app.managementUrl}/metrics`)).text()).toContain('emporium_settings_valid 0');
  });

  it('are those of the environment when the file goes away', async () => {
    await change({ gateway: { limits: { 'sign-in': { burst: 1, perMinute: 1 } } } });
    expect(await logins(2)).toEqual([200, 429]);

    await rm(join(map.folder, '..data'));
    await settings().poll();

    await expect.poll(() => login(), { timeout: 5_000 }).toBe(200);
  });

  it('are found without anybody asking', async () => {
    await map.update({ gateway: { limits: { 'sign-in': { burst: 1, perMinute: 1 } } } });

    await expect.poll(() => settings().current.limits['sign-in'].burst, { timeout: 5_000 }).toBe(1);
    expect(await logins(2)).toEqual([200, 429]);
  });

  it('do not disturb requests that are under way: a crowd during many changes is answered as always', async () => {
    let isChanging = true;
    const statuses = new Set<number>();
    const crowd = async (address: string) => {
      while (isChanging) statuses.add(await login(address));
    };
    const changes = async () => {
      for (let turn = 0; turn < 40; turn += 1) {
        const breaker = { resetTimeoutMs: 1_000 + turn, volumeThreshold: 5 + turn, enabled: turn % 3 > 0 };
        await change({
          gateway: { limits: { percent: 1_000 + turn }, upstreams: { all: { breaker, bulkhead: { maxConcurrent: 20 + turn } } } },
        });
      }
      isChanging = false;
    };

    await Promise.all([changes(), ...Array.from({ length: 8 }, (_, index) => crowd(`203.0.113.${100 + index}`))]);

    expect([...statuses]).toEqual([200]);
  });
});
