import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { endProcess, identityOf, isAlive, sendSignal } from './process-identity.ts';

async function sleeper(script = 'setInterval(() => {}, 1000); console.log(1)') {
  const child = spawn(process.execPath, ['-e', script]);
  await once(child.stdout, 'data');
  const identity = identityOf(child.pid ?? 0);
  if (identity === undefined) throw new Error('The child is gone.');
  return { child, identity };
}

describe('a process', () => {
  it('is alive until it ends', async () => {
    const { child, identity } = await sleeper();
    expect(isAlive(identity)).toBe(true);

    await endProcess(identity, 'SIGTERM', 5_000);

    expect(isAlive(identity)).toBe(false);
    expect(child.signalCode ?? (await once(child, 'exit'))[1]).toBe('SIGTERM');
  });

  it('that does not listen is killed', async () => {
    const { child, identity } = await sleeper("process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log(1)");

    await endProcess(identity, 'SIGTERM', 200);

    expect(child.signalCode ?? (await once(child, 'exit'))[1]).toBe('SIGKILL');
  });

  it('with the same number that began at another time is a stranger, and is left alone', async () => {
    const { child, identity } = await sleeper();
    const earlier = { ...identity, startedAt: 'another time' };

    await endProcess(earlier, 'SIGKILL', 100);

    expect(isAlive(earlier)).toBe(false);
    expect(isAlive(identity)).toBe(true);
    child.kill('SIGKILL');
  });

  it.runIf(existsSync('/bin/ps'))('is known by ps where there is no /proc', async () => {
    const { child, identity } = await sleeper();

    expect(identityOf(identity.pid, 'darwin')).toEqual({
      pid: identity.pid,
      startedAt: expect.stringMatching(/^\w{3} \w{3} +\d+ [\d:]+ \d{4}$/),
    });
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(identityOf(identity.pid, 'darwin')).toBeUndefined();
  });

  it('that is gone has no identity and takes no signal', async () => {
    const { child, identity } = await sleeper();
    child.kill('SIGKILL');
    await once(child, 'exit');

    expect(identityOf(identity.pid)).toBeUndefined();
    expect(sendSignal(identity.pid, 'SIGTERM')).toBe(false);
  });
});
