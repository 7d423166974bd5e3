import type { DataFolder } from './data-folder.ts';
import { embeddedPostgres } from './embedded-postgres.ts';
import { messageOf, StartError } from './errors.ts';
import type { Ports } from './ports-of-platform.ts';
import { findRedis, searchFrom } from './redis-binary.ts';
import { redisServer } from './redis-server.ts';
import type { Settings } from './settings.ts';
import type { Steps } from './steps.ts';
import type { Supervisor } from './supervisor.ts';

export interface StoresContext {
  readonly root: string;
  readonly folder: DataFolder;
  readonly settings: Settings;
  readonly ports: Ports;
  readonly supervisor: Supervisor;
  readonly steps: Steps;
  readonly say: (line: string) => void;
  readonly durable: boolean;
}

/** Starts Postgres and Redis, or takes those that the settings name. Returns the administrator's address and Redis's. */
export async function startStores(context: StoresContext): Promise<{ adminUrl: string; redisUrl: string }> {
  const [adminUrl, redisUrl] = await Promise.all([startPostgres(context), startRedis(context)]);
  return { adminUrl, redisUrl };
}

async function startPostgres({ folder, settings, ports, supervisor, steps, durable }: StoresContext): Promise<string> {
  if (settings.databaseUrl !== undefined) return settings.databaseUrl;
  let url = '';
  await steps.run('PostgreSQL', async () => {
    const { postgres: data, postgresFallback: fallbackFolder } = folder;
    const postgres = await embeddedPostgres({ folder: data, fallbackFolder, port: ports.postgres, durable });
    await supervisor.start(postgres.spec).catch((error: unknown) => {
      throw new StartError(`${messageOf(error)}\nIf its data folder ${postgres.folder} is broken, move it away to begin anew.`);
    });
    url = postgres.url;
    return postgres.created ? `new data folder ${postgres.folder}` : '';
  });
  return url;
}

async function startRedis({ root, folder, settings, ports, supervisor, steps, say }: StoresContext): Promise<string> {
  if (settings.redisUrl !== undefined) return settings.redisUrl;
  let url = '';
  await steps.run('Redis', async () => {
    const binary = await findRedis(searchFrom(root, say));
    const redis = redisServer(binary, folder.path, ports.redis);
    await supervisor.start(redis.spec);
    url = redis.url;
  });
  return url;
}
