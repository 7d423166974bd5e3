import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';
import { setup } from './test-stores.setup.ts';

function connect(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: hostname, port: Number(port) }, () => socket.end(() => resolve())).once(
      'error',
      reject,
    );
  });
}

describe('the stores of an integration run', () => {
  afterEach(() => void vi.unstubAllEnvs());
  const addresses = () => [process.env.TEST_DATABASE_URL ?? '', process.env.TEST_REDIS_URL ?? ''];

  it('are a Postgres and a Redis that listen', async () => {
    for (const address of addresses()) await expect(connect(address)).resolves.toBeUndefined();
  });

  it('are used as they are when they are given', async () => {
    const before = addresses();

    expect(await setup()).toBeUndefined();

    expect(addresses()).toEqual(before);
  });

  it('are started where none are given, and stopped at the end', async () => {
    const before = addresses();
    for (const name of ['TEST_DATABASE_URL', 'TEST_REDIS_URL']) vi.stubEnv(name, '');

    const teardown = await setup();

    const [database = '', redis = ''] = addresses();
    expect(before).not.toContain(database);
    for (const address of [database, redis]) await expect(connect(address)).resolves.toBeUndefined();
    await teardown?.();
    for (const address of [database, redis]) await expect(connect(address)).rejects.toThrow('ECONNREFUSED');
  });
});

describe('a temporary folder', () => {
  it('of a run that was killed is cleared by the next run, those of living runs are kept', async () => {
    const [dead, alive] = [4_194_999, process.pid].map((pid) => join(tmpdir(), `emporium-e2e-${pid}-abcdef`));
    for (const path of [dead, alive]) mkdirSync(path ?? '', { recursive: true });
    writeFileSync(join(dead ?? '', 'processes.json'), '[]');

    const { path, remove } = await temporaryFolder('spec');

    expect([dead, alive, path].map((folder) => existsSync(folder ?? ''))).toEqual([false, true, true]);
    await remove();
    rmSync(alive ?? '', { recursive: true });
    expect(existsSync(path)).toBe(false);
  });
});
