import { join } from 'node:path';
import { embeddedPostgres } from './embedded-postgres.ts';
import { freePorts } from './ports.ts';
import { findRedis, searchFrom } from './redis-binary.ts';
import { redisServer } from './redis-server.ts';
import { Supervisor } from './supervisor.ts';
import { temporaryFolder } from './temporary-folder.ts';

/**
 * Vitest global setup: one Postgres and one Redis for all integration specs of a run, in TEST_DATABASE_URL (superuser) and
 * TEST_REDIS_URL. Servers named there already are used as they are.
 */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  const { TEST_DATABASE_URL, TEST_REDIS_URL } = process.env;
  if (TEST_DATABASE_URL && TEST_REDIS_URL) return undefined;

  const { path: folder, remove } = await temporaryFolder('test');
  const supervisor = new Supervisor({ folder, say: (line) => console.warn(line) });
  const teardown = async () => {
    await supervisor.stop(['redis', 'postgres']);
    await remove();
  };
  try {
    const [postgresPort = 0, redisPort = 0] = await freePorts(2);
    if (!TEST_DATABASE_URL) process.env.TEST_DATABASE_URL = await startPostgres(supervisor, folder, postgresPort);
    if (!TEST_REDIS_URL) process.env.TEST_REDIS_URL = await startRedis(supervisor, folder, redisPort);
  } catch (error) {
    await teardown();
    throw error;
  }
  return teardown;
}

async function startPostgres(supervisor: Supervisor, folder: string, port: number): Promise<string> {
  const postgres = await embeddedPostgres({
    folder: join(folder, 'postgres'),
    fallbackFolder: join(folder, 'postgres'),
    port,
    durable: false,
  });
  await supervisor.start(postgres.spec);
  return postgres.url;
}

async function startRedis(supervisor: Supervisor, folder: string, port: number): Promise<string> {
  const binary = await findRedis(searchFrom(process.cwd(), (line) => console.warn(line)));
  const redis = redisServer(binary, folder, port);
  await supervisor.start(redis.spec);
  return redis.url;
}
