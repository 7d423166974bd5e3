import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { appendFile, chmod, chown, cp, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Postgres, raw, sql } from '@emporium/postgres';
import { afterAll } from 'vitest';
import { asAdmin } from './database-server.ts';
import { initialise, PostgresProcess, type PostgresPrograms } from './postgres-process.ts';
import type { TestDatabase } from './test-database.ts';

const patienceMs = 20_000;

/** A streaming standby of the server that the test databases of a spec file lie on. */
export class TestStandby {
  private constructor(
    private readonly primaryUrl: string,
    private readonly standbyUrl: string,
    private readonly server: PostgresProcess,
    private readonly connection: string,
  ) {}

  /** Two new servers, one copied from the other while that one was at rest. */
  static async make(programs: PostgresPrograms, folder: string): Promise<{ standby: TestStandby; stop: () => Promise<void> }> {
    const [primaryPort, standbyPort] = [await freePort(), await freePort()];
    const password = randomBytes(12).toString('hex');
    const passwordFile = join(folder, 'password');
    await writeFile(passwordFile, password);
    await chmod(folder, 0o755);
    const [main, copy] = [join(folder, 'primary'), join(folder, 'standby')];
    await mkdir(main, { mode: 0o700 });
    for (const path of [folder, main, passwordFile]) await chown(path, programs.uid, programs.gid);
    await initialise(programs, main, passwordFile);

    await cp(main, copy, { recursive: true });
    const connection = `host=127.0.0.1 port=${primaryPort} user=postgres password=${password} application_name=standby`;
    await appendFile(join(copy, 'postgresql.auto.conf'), `primary_conninfo = '${connection}'\n`);
    await writeFile(join(copy, 'standby.signal'), '');
    await giveTo(copy, programs);

    const urlOn = (port: number) => `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
    const primary = new PostgresProcess(programs, main, primaryPort);
    const server = new PostgresProcess(programs, copy, standbyPort);
    const standby = new TestStandby(urlOn(primaryPort), urlOn(standbyPort), server, connection);
    primary.start();
    await answers(standby.primaryUrl);
    await standby.start();
    const stop = async () => {
      await server.stop();
      await primary.stop();
    };
    process.env.TEST_DATABASE_URL = standby.primaryUrl;
    return { standby, stop };
  }

  /** The same database and role as `db.url`, on the standby. */
  urlOf(db: TestDatabase): string {
    const url = new URL(db.url);
    url.port = new URL(this.standbyUrl).port;
    return url.href;
  }

  /** What comes arrives, and is not applied: from now on the standby shows the past. */
  async pause(): Promise<void> {
    await this.run('select pg_wal_replay_pause()');
    await this.until(`select pg_get_wal_replay_pause_state() = 'paused' as yes`);
  }

  /** Applies again what arrives; resolves when everything written so far is there. */
  async resume(): Promise<void> {
    await this.run('select pg_wal_replay_resume()');
    await this.caughtUp();
  }

  /** From now on it is always at least so far behind; 0 ends that. */
  async delay(milliseconds: number): Promise<void> {
    await this.run(`alter system set recovery_min_apply_delay = ${milliseconds}`);
    await this.run('select pg_reload_conf()');
  }

  /** Nothing arrives any more. */
  async cutOff(): Promise<void> {
    await this.connectTo('');
    await this.until('select not exists (select from pg_stat_wal_receiver) as yes');
  }

  async reconnect(): Promise<void> {
    await this.connectTo(this.connection);
    await this.caughtUp();
  }

  /** Everything that has been written so far is there. */
  async caughtUp(): Promise<void> {
    const [row] = await ask<{ lsn: string }>(this.primaryUrl, 'select pg_current_wal_flush_lsn()::text as lsn');
    await this.until(`select pg_last_wal_replay_lsn() >= '${row?.lsn}'::pg_lsn as yes`);
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  async start(): Promise<void> {
    this.server.start();
    await answers(this.standbyUrl);
    await this.caughtUp();
  }

  private async connectTo(connection: string): Promise<void> {
    await this.run(`alter system set primary_conninfo = '${connection}'`);
    await this.run('select pg_reload_conf()');
  }

  private run(text: string): Promise<{ yes?: boolean }[]> {
    return ask(this.standbyUrl, text);
  }

  private async until(text: string): Promise<void> {
    for (const endsAt = Date.now() + patienceMs; Date.now() < endsAt; await sleep(20)) {
      if ((await this.run(text))[0]?.yes === true) return;
    }
    throw new Error(`The standby did not come to this within ${patienceMs} ms: ${text}`);
  }
}

/**
 * Gives the spec file a server of its own, with a standby: `const standby = await testStandby()` at the top of the file, before `describe`. Its
 * test databases lie on that server then. Made with the programs of the test server, which must run on this machine.
 */
export async function testStandby(): Promise<TestStandby> {
  const shared = process.env.TEST_DATABASE_URL;
  const programs = await programsOfServer();
  const folder = await mkdtemp(join(tmpdir(), `emporium-standby-${process.pid}-`));
  const { standby, stop } = await TestStandby.make(programs, folder);
  afterAll(async () => {
    await stop();
    process.env.TEST_DATABASE_URL = shared;
    await rm(folder, { recursive: true, force: true });
  }, 60_000);
  return standby;
}

async function programsOfServer(): Promise<PostgresPrograms> {
  const [row] = await asAdmin((admin) =>
    admin.query<{ programs: string; data: string }>(sql`
      select (select setting from pg_config() where name = 'BINDIR') as programs, current_setting('data_directory') as data
    `),
  );
  if (row === undefined) throw new Error('The test server does not say where its programs are.');
  const { uid, gid } = await stat(row.data);
  return { folder: row.programs, uid, gid };
}

async function giveTo(folder: string, { uid, gid }: PostgresPrograms): Promise<void> {
  for (const path of globSync(join(folder, '**'))) await chown(path, uid, gid);
}

async function ask<Row>(url: string, text: string): Promise<Row[]> {
  const server = new Postgres({ url, applicationName: 'testing', max: 1, min: 0, connectTimeoutMs: 10_000 });
  try {
    return await server.query<Row>(raw(text));
  } finally {
    await server.close();
  }
}

async function answers(url: string): Promise<void> {
  for (const endsAt = Date.now() + patienceMs; ; await sleep(20)) {
    try {
      await ask(url, 'select 1');
      return;
    } catch (error) {
      if (Date.now() > endsAt) throw error;
    }
  }
}

/** Not one of those that the system gives to outgoing connections: such a one may be taken again before the server listens. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_768);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
