import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFolder } from './folder-lock.ts';
import { identityOf } from './process-identity.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'folder-lock-'));
  file = join(folder, 'runner.lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a lock', () => {
  it('is given to one runner, and to the next when that one releases it', () => {
    const lock = lockFolder(file);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(identityOf(process.pid));

    expect(() => lockFolder(file)).toThrow(`Emporium already runs on this data folder (process ${process.pid})`);
    lock.release();
    lockFolder(file).release();

    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([JSON.stringify({ pid: process.pid, startedAt: 'another time' }), '', '{"pid":'])(
    'of a dead runner (%s) is taken over',
    (text) => {
      writeFileSync(file, text);

      lockFolder(file).release();

      expect(existsSync(file)).toBe(false);
    },
  );

  it('names the file to remove when a start was killed while it took over', () => {
    writeFileSync(file, JSON.stringify({ pid: process.pid, startedAt: 'another time' }));
    writeFileSync(`${file}.takeover`, JSON.stringify({ pid: process.pid, startedAt: 'yet another time' }));

    expect(() => lockFolder(file)).toThrow(`Remove ${file}.takeover and start again.`);
  });

  it('of a dead runner is taken over by exactly one of eight that start at once', async () => {
    writeFileSync(file, JSON.stringify({ pid: 1, startedAt: 'another time' }));
    const module = new URL('./folder-lock.ts', import.meta.url).href;
    const script = `
      const { lockFolder } = await import(${JSON.stringify(module)});
      console.log('ready');
      await new Promise((resolve) => process.stdin.once('data', resolve));
      try { lockFolder(${JSON.stringify(file)}); console.log('won') } catch (error) { console.log(error.message) }
    `; // whoever won lives until its standard input ends
    const racers = Array.from({ length: 8 }, () => spawn(process.execPath, ['--input-type=module', '-e', script]));
    const sayings = () => Promise.all(racers.map(async (racer) => String((await once(racer.stdout, 'data'))[0]).trim()));
    expect(await sayings()).toEqual(Array(8).fill('ready'));

    const results = sayings();
    for (const racer of racers) racer.stdin.write('go');

    const [first, ...rest] = (await results).toSorted().toReversed();
    expect(first).toBe('won');
    expect(rest).toEqual(Array(7).fill(expect.stringContaining('already runs')));
    for (const racer of racers) racer.stdin.end();
  });
});
