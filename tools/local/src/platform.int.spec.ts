import { EventEmitter } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Postgres, sql } from '@emporium/postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fakeRepository } from './fake-repository.ts';
import { type Platform, type PlatformOptions, startPlatform } from './platform.ts';
import { freePorts } from './ports.ts';
import { freePlatformPorts } from './ports-of-platform.ts';
import { identityOf } from './process-identity.ts';
import type { ProcessSpec } from './process-spec.ts';
import { run } from './runner.ts';
import { temporaryFolder } from './temporary-folder.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let root: string;
let lines: string[];
let platform: Platform | undefined;

const options = (): PlatformOptions => ({
  root,
  dataDir: join(root, '.data'),
  ports: 'free',
  durable: false,
  say: (line) => lines.push(line),
  env: { SEED_ADMIN_PASSWORD: 'a seeded password' },
});
const runs = (): Record<string, string>[] => {
  const file = join(root, 'runs.jsonl');
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
};
const environmentOf = async (url: string) => (await (await fetch(`${url}/environment`)).json()) as Record<string, string>;
const isRunning = (pid: number) => identityOf(pid) !== undefined;

async function newFolder(): Promise<void> {
  folder = await temporaryFolder('platform-spec');
  root = folder.path;
  fakeRepository(root, process.cwd());
}

beforeEach(() => {
  lines = [];
});

describe('the platform', () => {
  beforeAll(newFolder);
  afterAll(() => folder.remove());
  afterEach(async () => {
    await platform?.stop();
    platform = undefined;
  });

  it('comes up with everything, the gateway last, and tells each step', async () => {
    platform = await startPlatform(options());

    expect(Object.keys(platform.pids()).toSorted()).toEqual([
      ...['gateway', 'order', 'payment', 'postgres', 'product', 'redis', 'simulator', 'user'],
    ]);
    for (const name of ['gateway', 'user', 'product', 'order', 'payment', 'simulator'] as const) {
      expect((await fetch(`${platform.urls[name]}/ready`)).status).toBe(200);
    }
    expect(lines.join('\n')).toMatch(
      /✓ databases and roles .*\n✓ migrations: user, product, order, payment .*\n✓ seed: user, product .*\n[\s\S]*✓ gateway \([\d.]+ s\)$/,
    );
    expect(lines.join('\n')).toMatch(/✓ PostgreSQL: new data folder/);
  });

  it('migrates as the owner and seeds as the application', () => {
    const migration = runs().find(({ what, service }) => what === 'migrate' && service === 'order');
    const seed = runs().find(({ what, service }) => what === 'seed' && service === 'user');

    expect(migration).toMatchObject({
      APP_ROLE: 'order_app',
      DATABASE_URL: expect.stringMatching(/^postgresql:\/\/order_owner:.*\/order_db$/),
    });
    expect(seed).toMatchObject({
      DATABASE_URL: expect.stringMatching(/^postgresql:\/\/user_app:.*\/user_db$/),
      SEED_ADMIN_PASSWORD: 'a seeded password',
    });
  });

  it('starts a second time on the same data, with nothing to migrate or seed', async () => {
    const before = runs().length;

    platform = await startPlatform(options());

    expect(lines).toEqual(
      expect.arrayContaining([expect.stringMatching(/✓ migrations: nothing new/), expect.stringMatching(/✓ seed: nothing new/)]),
    );
    expect(runs()).toHaveLength(before);
  });

  it('runs only the migrations of the service that has a new one', async () => {
    writeFileSync(join(root, 'services/order/migrations/0002.sql'), 'select 2');

    platform = await startPlatform(options());

    expect(lines).toContainEqual(expect.stringMatching(/✓ migrations: order \(/));
  });

  it('gives each service a role that reaches its own database only', async () => {
    platform = await startPlatform(options());
    const { DATABASE_URL: app = '' } = await environmentOf(platform.urls.order);
    const as = async (url: string) => {
      const postgres = new Postgres({ url, applicationName: 'spec', min: 0, max: 1 });
      return postgres.query<{ me: string }>(sql`select current_user as me`).finally(() => postgres.close());
    };

    expect(await as(app)).toEqual([{ me: 'order_app' }]);
    expect(await as(platform.databaseUrl('order'))).toEqual([{ me: 'order_owner' }]);
    await expect(as(app.replace('/order_db', '/user_db'))).rejects.toThrow();
  });

  it('starts a killed service and a killed Redis again', async () => {
    platform = await startPlatform(options());

    platform.kill('order', 'SIGKILL');
    platform.kill('redis', 'SIGKILL');

    await expect
      .poll(() => lines, { timeout: 15_000 })
      .toEqual(expect.arrayContaining(['order is up again', 'redis is up again']));
    expect(platform.restarts()).toMatchObject({ order: 1, redis: 1, user: 0 });
    expect((await fetch(`${platform.urls.order}/ready`)).status).toBe(200);
    expect(platform.logFile('order')).toBe(join(root, '.data/logs/order.log'));
  });

  it('lets its starter adjust each service, and add replicas that stop with their first', async () => {
    const adjust = (spec: ProcessSpec) => ({ ...spec, env: { ...spec.env, ADJUSTED: `for ${spec.name}` } });
    platform = await startPlatform({ ...options(), adjust });
    const [port = 0] = await freePorts(1);
    const order = platform.spec('order');
    const isReady = async () => (await fetch(`http://127.0.0.1:${port}/ready`)).ok;

    await platform.start({ ...order, name: 'order-2', env: { ...order.env, PORT: String(port) }, isReady });

    expect((await environmentOf(platform.urls.gateway)).ADJUSTED).toBe('for gateway');
    expect((await environmentOf(`http://127.0.0.1:${port}`)).ADJUSTED).toBe('for order');
    const replica = platform.pids()['order-2'] ?? 0;
    platform.hold('order');
    await platform.stop();
    expect(isRunning(replica)).toBe(false);
  });

  it('refuses a second runner on the same data', async () => {
    platform = await startPlatform(options());

    await expect(startPlatform(options())).rejects.toThrow(`Emporium already runs on this data folder (process ${process.pid})`);

    expect((await fetch(`${platform.urls.gateway}/ready`)).status).toBe(200);
  });

  it('uses servers and a provider that are given instead of its own', async () => {
    const { TEST_DATABASE_URL, TEST_REDIS_URL } = process.env;
    const first = await startPlatform(options());
    const env = {
      DATABASE_URL: first.urls.postgres,
      REDIS_URL: TEST_REDIS_URL,
      PAYMENT_PROVIDER_URL: 'https://provider.example',
    };
    try {
      platform = await startPlatform({ ...options(), dataDir: join(root, 'other'), env });

      expect(Object.keys(platform.pids()).toSorted()).toEqual(['gateway', 'order', 'payment', 'product', 'user']);
      expect(await environmentOf(platform.urls.payment)).toMatchObject({
        REDIS_URL: TEST_REDIS_URL,
        PAYMENT_PROVIDER_URL: 'https://provider.example',
      });
      expect(TEST_DATABASE_URL).toBeDefined();
    } finally {
      await platform?.stop();
      await first.stop();
    }
  });
});

describe('a start that fails', () => {
  beforeEach(newFolder);
  afterEach(() => folder.remove());

  it('because a port is taken names it and who needs it, before anything is started', async () => {
    const ports = await freePlatformPorts();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(ports.order, '127.0.0.1', resolve));

    await expect(startPlatform({ ...options(), ports })).rejects.toThrow(
      `Port ${ports.order} is taken, and the order service needs it.`,
    );

    expect(lines).toEqual([]);
    server.close();
  });

  it('because a service does not come up shows its log and leaves nothing running', async () => {
    writeFileSync(join(root, 'services/order/dist/main.js'), "console.error('no such setting'); process.exit(1)");
    const pids: number[] = [];
    const timer = setInterval(() => {
      const journal = join(root, '.data/processes.json');
      if (existsSync(journal)) pids.push(...JSON.parse(readFileSync(journal, 'utf8')).map(({ pid }: { pid: number }) => pid));
    }, 20);

    await expect(startPlatform(options())).rejects.toThrow(
      /order ended \(exit code 1\) before it was ready[\s\S]*no such setting/,
    );

    clearInterval(timer);
    expect(pids.length).toBeGreaterThan(1);
    expect(pids.filter(isRunning)).toEqual([]);
    expect(existsSync(join(root, '.data/runner.lock'))).toBe(false);
  });

  it('because a migration fails shows its log', async () => {
    writeFileSync(join(root, 'services/user/dist/migrate.js'), "console.error('syntax error'); process.exit(1)");

    await expect(startPlatform(options())).rejects.toThrow(/The migration of user failed[\s\S]*syntax error/);
  });

  it('because the given database does not answer says so without the password', async () => {
    const { postgres } = await freePlatformPorts();
    const env = { DATABASE_URL: `postgres://admin:secret@127.0.0.1:${postgres}/postgres`, REDIS_URL: process.env.TEST_REDIS_URL };

    const failure = startPlatform({ ...options(), env });

    await expect(failure).rejects.toThrow(
      /The databases cannot be prepared on postgres:\/\/admin@127.0.0.1:\d+\/postgres: .*ECONNREFUSED/,
    );
  });

  it('in production seeds nothing', async () => {
    const { REDIS_URL } = { REDIS_URL: process.env.TEST_REDIS_URL };
    platform = await startPlatform({ ...options(), env: { NODE_ENV: 'production', REDIS_URL } });
    await platform.stop();

    expect(runs().map(({ what }) => what)).not.toContain('seed');
  });
});

describe('npm start', () => {
  beforeEach(newFolder);
  afterEach(() => folder.remove());

  const start = (signals: EventEmitter, environment: NodeJS.ProcessEnv = {}) =>
    run(
      { EMPORIUM_DATA_DIR: join(root, '.data'), REDIS_URL: process.env.TEST_REDIS_URL, ...environment },
      { say: (line) => lines.push(line), signals, platform: { root, ports: 'free', durable: false } },
    );

  it('prints addresses and sign-ins, and stops on the first of several signals', async () => {
    const signals = new EventEmitter();
    const code = start(signals);
    await expect.poll(() => lines.join('\n'), { timeout: 30_000 }).toContain('Ctrl-C stops everything.');

    signals.emit('SIGINT');
    signals.emit('SIGINT');
    signals.emit('SIGTERM');

    expect(await code).toBe(0);
    expect(lines.join('\n')).toMatch(
      /shop and API {4}http:\/\/127.0.0.1:\d+\n[\s\S]*admin@emporium.test +emporium-admin-development/,
    );
    expect(lines.slice(-2)).toEqual(['\nStopping …', '✓ everything is stopped']);
  });

  it('stops in the middle of a start', async () => {
    const signals = new EventEmitter();
    const code = start(signals);
    await expect.poll(() => lines.join('\n'), { timeout: 30_000 }).toContain('✓ PostgreSQL');

    signals.emit('SIGTERM');

    expect(await code).toBe(0);
    expect(lines.at(-1)).toBe('✓ everything is stopped');
    expect(lines.join('\n')).not.toContain('Ctrl-C');
  });

  it('gives one message and another exit code when it cannot start', async () => {
    expect(await start(new EventEmitter(), { GATEWAY_PORT: 'x' })).toBe(1);
    expect(lines).toEqual(['\n✗ GATEWAY_PORT must be a number from 1 to 65535']);

    rmSync(join(root, '.data'), { recursive: true });
    writeFileSync(join(root, '.data'), 'a file');
    expect(await start(new EventEmitter())).toBe(1);
    expect(lines.at(-1)).toMatch(/^\n✗ The data folder .* cannot be used/);
  });
});
