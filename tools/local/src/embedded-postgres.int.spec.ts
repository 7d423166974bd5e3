import { appendFileSync, chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Postgres, sql } from '@emporium/postgres';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedPostgres, embeddedPostgres } from './embedded-postgres.ts';
import { freePorts } from './ports.ts';
import { postgresBinaries } from './postgres-binaries.ts';
import { clearLeftovers } from './postgres-lock.ts';
import { Supervisor } from './supervisor.ts';
import { canEnter, canExecute, unprivilegedUser } from './system-user.ts';
import { temporaryFolder } from './temporary-folder.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let supervisor: Supervisor;
let lines: string[];

beforeEach(async () => {
  folder = await temporaryFolder('postgres-spec');
  lines = [];
  supervisor = newSupervisor();
});
afterEach(async () => {
  await supervisor.stop();
  await folder.remove();
});

function newSupervisor(): Supervisor {
  return new Supervisor({
    folder: folder.path,
    say: (line) => lines.push(line),
    backoff: { firstMs: 10, longestMs: 100, calmMs: 60_000 },
  });
}

async function prepare(): Promise<EmbeddedPostgres> {
  const [port = 0] = await freePorts(1);
  return embeddedPostgres({
    folder: join(folder.path, 'postgres'),
    fallbackFolder: join(folder.path, 'fallback'),
    port,
    durable: false,
  });
}

async function query<Row>(url: string, statement: ReturnType<typeof sql>): Promise<Row[]> {
  const postgres = new Postgres({ url, applicationName: 'spec', min: 0, max: 1 });
  return postgres.query<Row>(statement).finally(() => postgres.close());
}

describe('the embedded Postgres', () => {
  it('makes its data folder once, sorts the same everywhere, and keeps its data', async () => {
    const first = await prepare();
    await supervisor.start(first.spec);
    expect(first.created).toBe(true);
    await query(first.url, sql`create table kept as select 'Ä' as letter`);
    const [settings] = await query<Record<string, string>>(
      first.url,
      sql`select lower(letter) as lower, current_setting('max_connections') as connections, current_setting('listen_addresses') as addresses, current_setting('server_encoding') as encoding from kept`,
    );
    expect(settings).toEqual({ lower: 'ä', connections: '300', addresses: '127.0.0.1', encoding: 'UTF8' });
    await supervisor.stop();

    supervisor = newSupervisor();
    const second = await prepare();
    await supervisor.start(second.spec);

    expect(second.created).toBe(false);
    expect(await query(second.url, sql`select letter from kept`)).toEqual([{ letter: 'Ä' }]);
  });

  it('is started again after a kill, and has what was committed', async () => {
    const { spec, url } = await prepare();
    await supervisor.start(spec);
    await query(url, sql`create table kept as select 1 as one`);

    supervisor.kill('postgres', 'SIGKILL');

    await expect.poll(() => lines, { timeout: 15_000 }).toContain('postgres is up again');
    expect(await query(url, sql`select one from kept`)).toEqual([{ one: 1 }]);
  });

  it('is never started twice on one data folder', async () => {
    const { spec } = await prepare();
    await supervisor.start(spec);
    const other = new Supervisor({ folder: join(folder.path, 'other'), say: () => undefined });

    await expect(other.start((await prepare()).spec)).rejects.toThrow(
      /Another PostgreSQL \(process .*\) runs on .*\/postgres\/data/,
    );

    expect(supervisor.pids()).toHaveProperty('postgres');
    await other.stop();
  }, 30_000);

  it('does not take a lock file for a server when its number belongs to another program', async () => {
    const { spec, folder: data } = await prepare();
    writeFileSync(join(data, 'postmaster.pid'), `${process.pid}\n${data}\n`);

    await supervisor.start(spec);

    expect(Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0])).toBe(supervisor.pids().postgres);
  });

  it('starts nothing where there is no lock file and nobody works', async () => {
    await expect(clearLeftovers(folder.path)).resolves.toBeUndefined();
  });
});

describe('a data folder that cannot be used', () => {
  it('because another version made it is left alone', async () => {
    const data = join(folder.path, 'postgres/data');
    mkdirSync(data, { recursive: true });
    writeFileSync(join(data, 'PG_VERSION'), '16\n');

    await expect(prepare()).rejects.toThrow(/was made by PostgreSQL 16, and this is PostgreSQL 17. Move .*postgres away/);
    expect(readFileSync(join(data, 'PG_VERSION'), 'utf8')).toBe('16\n');
  });

  it('because it is not one is left alone', async () => {
    const data = join(folder.path, 'postgres/data');
    mkdirSync(data, { recursive: true });
    writeFileSync(join(data, 'holiday.jpg'), '');

    await expect(prepare()).rejects.toThrow(/is broken: it has no PG_VERSION/);
    expect(existsSync(join(data, 'holiday.jpg'))).toBe(true);
  });

  it('because it is broken fails the start with the words of the server', async () => {
    const { spec, folder: data } = await prepare();
    await rename(join(data, 'global'), join(data, 'gone'));

    await expect(supervisor.start(spec)).rejects.toThrow(
      /postgres ended \(exit code \d\) before it was ready[\s\S]*(FATAL|could not|invalid)/,
    );
  });

  it('because its password is gone is told so', async () => {
    const { folder: data } = await prepare();
    rmSync(`${data}.password`);

    await expect(prepare()).rejects.toThrow(/The password of the data folder .* cannot be read/);
  });

  it('because an earlier initdb was broken off is made anew', async () => {
    mkdirSync(join(folder.path, 'postgres/data.unfinished'), { recursive: true });
    appendFileSync(join(folder.path, 'postgres/data.unfinished/half'), 'half');

    expect((await prepare()).created).toBe(true);
  });
});

describe.runIf(process.getuid?.() === 0)('as root', () => {
  it('the server runs as another user', async () => {
    const { spec } = await prepare();
    await supervisor.start(spec);

    const status = readFileSync(`/proc/${supervisor.pids().postgres}/status`, 'utf8');
    expect(/^Uid:\t(\d+)/m.exec(status)?.[1]).toBe(String(unprivilegedUser()?.uid));
    expect(unprivilegedUser()?.uid).toBeGreaterThan(0);
  });

  it('a folder that user cannot enter is replaced by the fallback, and the programs are copied there if they are out of reach', async () => {
    const closed = join(folder.path, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const user = unprivilegedUser();
    if (user === undefined) throw new Error('root has no one to hand over to');
    expect(await canEnter(user, closed)).toBe(false);
    expect(await canEnter(user, folder.path)).toBe(true);
    expect(await canExecute(user, join(closed, 'postgres'))).toBe(false);

    const [port = 0] = await freePorts(1);
    const options = { folder: join(closed, 'postgres'), fallbackFolder: join(folder.path, 'fallback'), port, durable: false };
    const { spec, folder: data } = await embeddedPostgres(options);
    await supervisor.start(spec);

    expect(data).toBe(join(folder.path, 'fallback/data'));
  });

  it('a fallback that somebody else put there first is not trusted', async () => {
    const closed = join(folder.path, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const fallbackFolder = join(folder.path, 'fallback');
    mkdirSync(fallbackFolder);
    chownSync(fallbackFolder, 65_534, 65_534);

    const attempt = embeddedPostgres({ folder: join(closed, 'postgres'), fallbackFolder, port: 1, durable: false });

    await expect(attempt).rejects.toThrow(`${fallbackFolder} belongs to another user.`);
  });

  it('programs that user cannot reach are copied, once, to where he can', async () => {
    const closed = join(folder.path, 'closed');
    mkdirSync(join(closed, 'native/bin'), { recursive: true });
    chmodSync(closed, 0o700);
    mkdirSync(join(closed, 'native/lib'));
    writeFileSync(join(closed, 'native/bin/postgres'), '#!/bin/sh\n', { mode: 0o755 });
    writeFileSync(join(closed, 'native/lib/libpq.so.5.17'), 'library');
    const links = [{ source: 'native/lib/libpq.so.5.17', target: 'native/lib/libpq.so.5' }];
    writeFileSync(join(closed, 'native/pg-symlinks.json'), JSON.stringify(links));
    const find = () => postgresBinaries(unprivilegedUser(), folder.path, { folder: closed, version: '17.10.0' });

    const binaries = await find();

    expect(binaries).toMatchObject({ major: '17', postgres: join(folder.path, 'postgres-server-17.10.0/native/bin/postgres') });
    expect(readFileSync(join(folder.path, 'postgres-server-17.10.0/native/lib/libpq.so.5'), 'utf8')).toBe('library');
    writeFileSync(binaries.postgres, '#!/bin/sh\n# the same copy\n');
    expect(readFileSync((await find()).postgres, 'utf8')).toContain('the same copy');
  });
});
