import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findK6 } from './find-k6.ts';

const folder = mkdtempSync(join(tmpdir(), 'find-k6-'));
afterAll(() => rmSync(folder, { recursive: true }));

function program(place: string): string {
  mkdirSync(join(folder, place), { recursive: true });
  const file = join(folder, place, 'k6');
  writeFileSync(file, '#!/bin/sh\n');
  chmodSync(file, 0o755);
  return file;
}

describe('k6', () => {
  const onPath = program('bin');
  const named = program('named');
  const built = program('built');
  const PATH = `${join(folder, 'empty')}:${join(folder, 'bin')}`;

  it('is the one that is named', () => {
    expect(findK6({ PATH, K6_PATH: named }, built)).toBe(named);
  });

  it('is the one on the PATH', () => {
    expect(findK6({ PATH, K6_PATH: '' }, built)).toBe(onPath);
  });

  it('is the one that was built here', () => {
    expect(findK6({ PATH: '' }, built)).toBe(built);
  });

  it('is not looked for elsewhere when the named one is missing', () => {
    expect(() => findK6({ PATH, K6_PATH: join(folder, 'gone') }, built)).toThrow('K6_PATH is');
  });

  it('may be had in three ways, and the message says which', () => {
    expect(() => findK6({ PATH: '' }, join(folder, 'gone'))).toThrow(/brew install k6[\s\S]+build\.sh[\s\S]+grafana\/k6/);
  });
});
