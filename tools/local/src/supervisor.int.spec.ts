import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endLeftovers } from './journal.ts';
import { identityOf } from './process-identity.ts';
import type { ProcessSpec } from './process-spec.ts';
import { Supervisor } from './supervisor.ts';
import { runTask } from './task.ts';

let folder: string;
let lines: string[];
let supervisor: Supervisor;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'supervisor-'));
  lines = [];
  supervisor = new Supervisor({
    folder,
    say: (line) => lines.push(line),
    backoff: { firstMs: 20, longestMs: 60, calmMs: 60_000 },
    stopPatienceMs: 500,
  });
});
afterEach(async () => {
  await supervisor.stop();
  rmSync(folder, { recursive: true });
});

const isRunning = (pid: number | undefined) => pid !== undefined && identityOf(pid) !== undefined;
const logOf = (name: string) => readFileSync(supervisor.logFile(name), 'utf8');

/** A process that is ready when it has written its first line. */
function fake(
  name: string,
  script = "console.log('up'); setInterval(() => {}, 1000)",
  more: Partial<ProcessSpec> = {},
): ProcessSpec {
  return {
    name,
    command: process.execPath,
    args: ['-e', script],
    env: { PATH: process.env.PATH, FAKE: name },
    isReady: async () => existsSync(supervisor.logFile(name)) && logOf(name).includes('up'),
    ...more,
  };
}

describe('a supervised process', () => {
  it('is started with its environment, and its output goes to a log of its own', async () => {
    await supervisor.start(
      fake('order', "console.log('up', process.env.FAKE); console.error('trouble'); setInterval(() => {}, 1000)"),
    );

    expect(Object.keys(supervisor.pids())).toEqual(['order']);
    await expect.poll(() => logOf('order')).toBe('up order\ntrouble\n');
    expect(supervisor.restarts()).toEqual({ order: 0 });
  });

  it('is started again when it dies, and the runner says so', async () => {
    await supervisor.start(fake('order'));
    const { order: first } = supervisor.pids();

    supervisor.kill('order', 'SIGKILL');

    await expect.poll(() => lines).toEqual(['order ended (signal SIGKILL); starting it again in 0.02 s', 'order is up again']);
    expect(supervisor.pids().order).not.toBe(first);
    expect(isRunning(supervisor.pids().order)).toBe(true);
    expect(supervisor.restarts()).toEqual({ order: 1 });
    expect(supervisor.ends()).toEqual({ order: 'signal SIGKILL' });
  });

  it('that dies again and again is started with growing pauses up to the longest', async () => {
    await supervisor.start(fake('order', "console.log('up'); setTimeout(() => process.exit(3), 30)"));

    await expect
      .poll(() => lines.filter((line) => line.includes('ended (exit code 3)')).length, { timeout: 10_000 })
      .toBeGreaterThan(3);

    const pauses = lines.map((line) => /again in ([\d.]+) s/.exec(line)?.[1]).filter((pause) => pause !== undefined);
    expect(pauses.slice(0, 4)).toEqual(['0.02', '0.04', '0.06', '0.06']);
  });

  it('that is held stays down until it is released', async () => {
    await supervisor.start(fake('order'));
    await supervisor.start(fake('user'));

    supervisor.hold('order');
    supervisor.kill('user', 'SIGKILL');
    await expect.poll(() => lines).toContain('user is up again');
    expect(Object.keys(supervisor.pids())).toEqual(['user']);
    supervisor.release('order');

    await expect.poll(() => lines).toContain('order is up again');
    expect(supervisor.restarts()).toEqual({ order: 1, user: 1 });
  });

  it('that is held does not keep anyone from stopping', async () => {
    await supervisor.start(fake('order'));
    supervisor.hold('order');

    await supervisor.stop();

    expect(supervisor.restarts()).toEqual({ order: 0 });
  });

  it('can have another like it', async () => {
    await supervisor.start(fake('order'));

    await supervisor.start({ ...supervisor.spec('order'), name: 'order-2' });

    expect(Object.keys(supervisor.pids())).toEqual(['order', 'order-2']);
    expect(() => supervisor.spec('user')).toThrow('user was never started.');
  });

  it('that cannot be started any more is tried again as well', async () => {
    let isBroken = false;
    const beforeStart = async () => {
      if (isBroken) throw new Error('not now');
    };
    await supervisor.start(fake('order', undefined, { beforeStart }));

    isBroken = true;
    supervisor.kill('order', 'SIGKILL');
    await expect.poll(() => lines).toContain('not now');
    isBroken = false;

    await expect.poll(() => lines).toContain('order is up again');
  });

  it('that ends before it is ready fails the start with the last lines of its log', async () => {
    await expect(supervisor.start(fake('order', "console.error('no database'); process.exit(1)"))).rejects.toThrow(
      /^order ended \(exit code 1\) before it was ready. Its log is .*order.log\n {2}no database$/,
    );
    expect(lines).toEqual([]);
  });

  it('that does not get ready in time fails the start and is ended', async () => {
    const late = fake('order', 'setInterval(() => {}, 1000)', {
      isReady: () => Promise.reject(new Error('not yet')),
      readyTimeoutMs: 100,
    });

    await expect(supervisor.start(late)).rejects.toThrow('order was not ready in time');

    expect(supervisor.pids()).toEqual({});
  });

  it('whose program is missing fails the start', async () => {
    await expect(supervisor.start(fake('order', '', { command: '/no/such/program' }))).rejects.toThrow(
      /order cannot be started \(\/no\/such\/program\): .*ENOENT/,
    );
  });

  it('that does not run takes no signal', () => {
    expect(() => supervisor.kill('order', 'SIGKILL')).toThrow('order does not run.');
  });
});

describe('stopping', () => {
  const farewell = (name: string, code = '') =>
    `process.on('SIGTERM', () => { ${code} require('node:fs').appendFileSync('${join(folder, 'order')}', '${name} '); process.exit(0) }); console.log('up'); setInterval(() => {}, 1000)`;

  it('goes in the given order, the rest last started first, and leaves nothing running', async () => {
    for (const name of ['postgres', 'redis', 'user', 'gateway']) await supervisor.start(fake(name, farewell(name)));
    const pids = Object.values(supervisor.pids());

    await Promise.all([supervisor.stop(['gateway', 'none', 'user']), supervisor.stop()]);

    expect(readFileSync(join(folder, 'order'), 'utf8')).toBe('gateway user redis postgres ');
    expect(pids.map(isRunning)).toEqual([false, false, false, false]);
    expect(supervisor.pids()).toEqual({});
    expect(existsSync(join(folder, 'processes.json'))).toBe(false);
    expect(lines).toEqual([]);
  });

  it('kills a process that does not listen', async () => {
    await supervisor.start(fake('order', "console.log('up'); process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"));
    const { order } = supervisor.pids();

    await supervisor.stop();

    expect(isRunning(order)).toBe(false);
  });

  it('also reaches a process that was halted', async () => {
    await supervisor.start(fake('order', farewell('order')));
    supervisor.kill('order', 'SIGSTOP');

    await supervisor.stop();

    expect(readFileSync(join(folder, 'order'), 'utf8')).toBe('order ');
  });

  it('in the pause before a restart starts nothing more', async () => {
    const slow = new Supervisor({
      folder,
      say: (line) => lines.push(line),
      backoff: { firstMs: 60_000, longestMs: 60_000, calmMs: 1 },
    });
    await slow.start(fake('order'));
    slow.kill('order', 'SIGKILL');
    await expect.poll(() => lines.length).toBe(1);

    await slow.stop();

    expect(slow.pids()).toEqual({});
    expect(slow.restarts()).toEqual({ order: 0 });
  });

  it('fails a start that is under way, and ends what it began', async () => {
    const never = fake('order', undefined, { isReady: async () => false });
    const start = supervisor.start(never);
    const outcome = expect(start).rejects.toThrow('order ended (signal SIGTERM) before it was ready');
    await expect.poll(() => supervisor.pids().order).toBeDefined();
    const { order } = supervisor.pids();

    await supervisor.stop();

    await outcome;
    expect(isRunning(order)).toBe(false);
    await expect(supervisor.start(fake('late'))).rejects.toThrow('late is not started: everything is being stopped.');
  });
});

describe('what a killed runner leaves', () => {
  it('is ended by the next one, with exactly the processes that were started', async () => {
    const killed = new Supervisor({ folder, say: () => undefined, backoff: { firstMs: 60_000, longestMs: 60_000, calmMs: 1 } });
    await killed.start(fake('order'));
    await killed.start(fake('redis', "console.log('up'); process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"));
    const pids = Object.values(killed.pids());
    const stranger = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1000)']);
    await once(stranger.stdout, 'data');
    const journal = join(folder, 'processes.json');
    const reused = { name: 'user', pid: stranger.pid, startedAt: 'before the machine was started again', stopSignal: 'SIGTERM' };
    writeFileSync(journal, JSON.stringify([...JSON.parse(readFileSync(journal, 'utf8')), reused]));

    const ended = await endLeftovers(journal, 200);

    expect(ended).toEqual(['redis', 'order']);
    expect(pids.map(isRunning)).toEqual([false, false]);
    expect(isRunning(stranger.pid)).toBe(true);
    stranger.kill();
    await killed.stop();
  });

  it('is nothing when there is no journal, or none that can be read', async () => {
    writeFileSync(join(folder, 'broken.json'), '[{');

    expect(await endLeftovers(join(folder, 'broken.json'))).toEqual([]);
    expect(await endLeftovers(join(folder, 'none.json'))).toEqual([]);
  });
});

describe('a task', () => {
  const task = (script: string) => ({
    name: 'The migration of order',
    command: process.execPath,
    args: ['-e', script],
    cwd: folder,
    env: {},
  });
  const run = (script: string, signal?: AbortSignal) => runTask(task(script), join(folder, 'task.log'), signal);

  it('ends well, or fails with the last lines of its log', async () => {
    await expect(run('')).resolves.toBeUndefined();
    await expect(run("console.error('relation exists'); process.exit(2)")).rejects.toThrow(
      /^The migration of order failed \(exit code 2\). Its log is .*task.log\n {2}relation exists$/,
    );
    await expect(run("process.kill(process.pid, 'SIGKILL')")).rejects.toThrow('failed (signal SIGKILL)');
    await expect(runTask({ ...task(''), command: '/no/such' }, join(folder, 'task.log'))).rejects.toThrow('ENOENT');
  });

  it('is ended when everything is being stopped', async () => {
    const stopping = new AbortController();
    const running = run('setInterval(() => {}, 1000)', stopping.signal);
    stopping.abort(new Error('stopping'));

    await expect(running).rejects.toThrow('stopping');
  });
});
