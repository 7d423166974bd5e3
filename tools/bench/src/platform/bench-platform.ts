import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts, type Platform, type PlatformOptions, startPlatform, temporaryFolder } from '@emporium/local';
import { Postgres, raw, sql } from '@emporium/postgres';
import { type Scene, setScene } from './scene.ts';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../../..');

/** What differs from `npm start`; said in the output. */
export const differences = 'limits per address a thousandfold (RATE_LIMIT_PERCENT=100000); limits, metrics and logs are on';

/** The least the gateway takes: some five hundred products, so that a thousand in a row never meet a kept answer. */
const SMALLEST_EDGE_CACHE = '1048576';

export interface BenchPlatform {
  readonly platform: Platform;
  readonly scene: Scene;
  /** A second gateway, whose cache is too small for what it is asked. */
  readonly through: Gateway;
  /** Where each service has its metrics. */
  readonly managementUrls: Readonly<Record<string, string>>;
  readonly baselines: Readonly<Record<BaselineName, string>>;
  readonly baselineDatabaseUrl: string;
  readonly say: (line: string) => void;
  close(): Promise<void>;
}

interface Gateway {
  readonly url: string;
  readonly managementUrl: string;
}

const baselineNames = ['fastify', 'nest', 'proxy', 'redis-read', 'order-transaction'] as const;
export type BaselineName = (typeof baselineNames)[number];
const processOf = (name: BaselineName) => `baseline-${name}`;

export interface BenchPlatformOptions {
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly adjust?: PlatformOptions['adjust'];
}

/** The platform with its baselines beside it, in a folder of its own that is removed at the end. */
export async function openBenchPlatform({ signal, say, adjust }: BenchPlatformOptions): Promise<BenchPlatform> {
  const folder = await temporaryFolder('bench');
  const started: Platform[] = [];
  const close = async () => {
    // They would meet the end of PostgreSQL and Redis otherwise.
    for (const platform of started) {
      for (const name of baselineNames.map(processOf)) if (platform.pids()[name] !== undefined) platform.hold(name, 'SIGTERM');
      await platform.stop();
    }
    await folder.remove();
  };
  try {
    const env = { RATE_LIMIT_PERCENT: '100000' };
    const platform = await startPlatform({ dataDir: folder.path, ports: 'free', quiet: true, env, signal, adjust });
    started.push(platform);
    say('platform up');
    const through = await startThroughGateway(platform);
    const baselineDatabaseUrl = await makeDatabase(platform.urls.postgres);
    const baselines = await startBaselines(platform, baselineDatabaseUrl);
    const scene = await setScene(platform.urls.gateway, platform.dataDir);
    say(`baselines up; ${scene.catalogue.length} products, ${scene.customers.length} customers`);
    const managementUrls = managementUrlsOf(platform, through);
    return { platform, scene, through, managementUrls, baselines, baselineDatabaseUrl, say, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startThroughGateway(platform: Platform): Promise<Gateway> {
  const first = platform.spec('gateway');
  const [port, managementPort] = await freePorts(2);
  const url = `http://127.0.0.1:${port}`;
  const env = {
    ...first.env,
    PORT: String(port),
    MANAGEMENT_PORT: String(managementPort),
    EDGE_CACHE_BYTES: SMALLEST_EDGE_CACHE,
  };
  await platform.start({ ...first, name: 'gateway-through', env, isReady: () => answers(`${url}/ready`) });
  return { url, managementUrl: `http://127.0.0.1:${managementPort}` };
}

function managementUrlsOf({ ports }: Platform, { managementUrl }: Gateway): Record<string, string> {
  const services = ['gateway', 'user', 'product', 'order', 'payment'] as const;
  const urls = services.map((name) => [name, `http://127.0.0.1:${ports[`${name}Management`]}`] as const);
  return { ...Object.fromEntries(urls), 'gateway-through': managementUrl };
}

async function makeDatabase(adminUrl: string): Promise<string> {
  const name = 'baseline_db';
  const admin = new Postgres({ url: adminUrl, applicationName: 'bench', max: 2, statementTimeoutMs: 30_000 });
  await admin.execute(sql`create database ${raw(name)}`);
  await admin.close();
  return Object.assign(new URL(adminUrl), { pathname: `/${name}` }).href;
}

async function startBaselines(platform: Platform, databaseUrl: string): Promise<Record<BaselineName, string>> {
  const free = await freePorts(baselineNames.length);
  const ports = Object.fromEntries(baselineNames.map((name, index) => [name, free[index]]));
  const urls = Object.fromEntries(baselineNames.map((name) => [name, `http://127.0.0.1:${ports[name]}`]));
  const shared = { DATABASE_URL: databaseUrl, REDIS_URL: platform.urls.redis, UPSTREAM_URL: urls['redis-read'] };
  await Promise.all(
    baselineNames.map((name) =>
      platform.start({
        name: processOf(name),
        command: process.execPath,
        args: [join(ROOT, 'loadtests/baselines/dist', `${name}.server.js`)],
        cwd: join(ROOT, 'loadtests/baselines'),
        env: { PATH: process.env.PATH, NODE_ENV: 'production', PORT: String(ports[name]), ...shared },
        isReady: () => answers(`${urls[name]}/`, 404),
      }),
    ),
  );
  return urls as Record<BaselineName, string>;
}

async function answers(url: string, status = 200): Promise<boolean> {
  return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).status === status;
}
