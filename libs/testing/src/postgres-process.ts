import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The programs of the test server, and whom they run as: PostgreSQL refuses to be root. */
export interface PostgresPrograms {
  readonly folder: string;
  readonly uid: number;
  readonly gid: number;
}

const environment = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };

/** What may be lost with the machine is lost; what has to be quick in a spec is quick. */
const settings: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '32MB',
  random_page_cost: '1.1',
  max_connections: '100',
  deadlock_timeout: '200ms',
  timezone: 'UTC',
  fsync: 'off',
  full_page_writes: 'off',
  // A standby that was cut off tries again at once, and does not let a reader hold up what it replays.
  wal_retrieve_retry_interval: '100ms',
  max_standby_streaming_delay: '100ms',
};

/** A new data folder with a superuser `postgres`. */
export async function initialise(programs: PostgresPrograms, data: string, passwordFile: string): Promise<void> {
  const user = ['--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  const locale = ['--encoding=UTF8', '--no-locale', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const { folder, uid, gid } = programs;
  await run(`${folder}/initdb`, [`--pgdata=${data}`, ...user, ...locale, '--no-sync'], { uid, gid, cwd: '/', env: environment });
}

/** One server on one data folder. */
export class PostgresProcess {
  private child: ChildProcess | undefined;

  constructor(
    private readonly programs: PostgresPrograms,
    private readonly data: string,
    private readonly port: number,
  ) {}

  start(): void {
    const { folder, uid, gid } = this.programs;
    const named = Object.entries({ ...settings, port: String(this.port) }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    this.child = spawn(`${folder}/postgres`, ['-D', this.data, ...named], {
      uid,
      gid,
      cwd: this.data,
      env: environment,
      stdio: 'ignore',
    });
    process.once('exit', this.end);
  }

  /** Ends its sessions and then itself. */
  async stop(): Promise<void> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    this.end();
    await ended;
    process.off('exit', this.end);
  }

  private readonly end = (): void => void this.child?.kill('SIGINT');
}
