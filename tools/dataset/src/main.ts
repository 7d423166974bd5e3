import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import type { Platform } from '@emporium/local';
import { type Arguments, readArguments, usage } from './arguments.ts';
import { fillDatabases, PASSWORD } from './dataset.ts';
import { withStores } from './stores.ts';
import { userAddress } from './user.filling.ts';
import { type Volume, volumeOf } from './volume.ts';

/** `npm run dataset`. Returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  let wanted: Arguments;
  try {
    wanted = readArguments(argv, new Date());
  } catch (error) {
    console.error(`✗ ${error instanceof Error ? error.message : error}\n\n${usage}`);
    return 1;
  }
  const ending = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => ending.abort());
  try {
    await withStores(resolve(wanted.data ?? '.data/dataset'), ending.signal, (platform) => fill(platform, wanted));
    return 0;
  } catch (error) {
    console.error(`\n✗ ${ending.signal.aborted ? 'stopped; nothing was kept' : error instanceof Error ? error.message : error}`);
    return 1;
  }
}

async function fill(platform: Platform, { size, json }: Arguments): Promise<void> {
  const began = performance.now();
  await fillDatabases(platform.databaseUrl, size, process.stdout);
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  const volume = await volumeOf(platform.databaseUrl, size);
  console.log(inWords(volume, seconds, platform.dataDir));
  if (json !== undefined)
    writeFileSync(json, `${JSON.stringify({ machine: machine(), ...size, seconds, ...volume }, null, 2)}\n`);
}

const machine = (): string => `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores`;

function inWords({ bytes, bytesPerOrder }: Volume, seconds: number, dataDir: string): string {
  const sizes = Object.entries(bytes).map(([name, size]) => `${name} ${(size / 1e6).toFixed(0)} MB`);
  return [
    `Filled in ${seconds} s: ${sizes.join(', ')}; an order takes ${bytesPerOrder} bytes.`,
    `Everybody signs in as ${userAddress('N')} with ${PASSWORD}.`,
    `EMPORIUM_DATA_DIR=${dataDir} npm start serves it.`,
  ].join('\n');
}
