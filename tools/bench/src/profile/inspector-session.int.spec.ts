import { spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { InspectorSession } from './inspector-session.ts';
import { selfTimes } from './self-time.ts';

const busy = 'setInterval(function turnAround() { for (let turn = 0; turn < 1e6; turn += 1) Math.sqrt(turn); }, 1)';

describe('a session with the inspector of another process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'inspector-'));
  const log = join(folder, 'busy.log');
  const file = openSync(log, 'a');
  const child = spawn(process.execPath, ['--inspect=127.0.0.1:0', '-e', busy], { stdio: ['ignore', file, file] });
  afterEach(() => {
    child.kill();
    rmSync(folder, { recursive: true });
  });

  it('brings a profile that says where the time went', async () => {
    await vi.waitFor(() => expect(readFileSync(log, 'utf8')).toContain('Debugger listening'), 10_000);
    const session = await InspectorSession.open(log);
    await session.startProfile();
    await vi.waitFor(async () => {
      const profile = await session.stopProfile();
      await session.startProfile();
      expect(selfTimes(profile, ({ functionName }) => functionName).map(({ name }) => name)).toContain('turnAround');
    }, 10_000);
    session.close();
  });
});
