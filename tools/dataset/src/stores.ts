import { setTimeout as delay } from 'node:timers/promises';
import { type Platform, startPlatform } from '@emporium/local';

const STORES = ['postgres', 'redis'];

/**
 * PostgreSQL and Redis of a data folder, with migrated databases and nobody in them: the services made them what they are and went home.
 * When the signal comes, the stores end, and with them whatever is being done there.
 */
export async function withStores(
  dataDir: string,
  signal: AbortSignal,
  work: (platform: Platform) => Promise<void>,
): Promise<void> {
  const platform = await startPlatform({ dataDir, ports: 'free', env: process.env, quiet: true, durable: false, signal });
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= platform.stop();
    return stopping;
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    await sendServicesHome(platform);
    await work(platform);
  } finally {
    await stop();
  }
}

async function sendServicesHome(platform: Platform): Promise<void> {
  const services = () => Object.keys(platform.pids()).filter((name) => !STORES.includes(name));
  for (const name of services()) platform.hold(name, 'SIGTERM');
  while (services().length > 0) await delay(50);
}
