import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { CpuMeter, residentMiB, usedBetween } from './cpu-meter.ts';

/** Uses half a second of a processor when it is told to, in a child of its own, and says when it has. */
const worker = `
  const { execFileSync } = require('node:child_process');
  const spin = 'while (process.cpuUsage().user < 500000);';
  process.stdin.on('data', () => { execFileSync(process.execPath, ['-e', spin]); console.log('done'); });
  console.log('ready');
`;

describe('the meter', () => {
  const child = spawn(process.execPath, ['-e', worker]);
  afterEach(() => child.kill());

  it('sees what a process and its children used, also when the children have ended', async () => {
    await once(child.stdout, 'data');
    const pids = { worker: child.pid ?? 0 };
    const meter = new CpuMeter(() => pids);
    const before = meter.read();

    child.stdin.write('go\n');
    await once(child.stdout, 'data');

    expect(usedBetween(before, meter.read()).worker).toBeGreaterThanOrEqual(0.45);
    expect(residentMiB(pids).worker).toBeGreaterThan(1);
  });
});
