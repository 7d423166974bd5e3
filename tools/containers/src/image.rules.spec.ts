import { describe, expect, it } from 'vitest';
import { strangePackages, tooLarge, wrongWithConfig } from './image.rules.ts';
import type { Image } from './image.ts';

const label = (name: string) => [`org.opencontainers.image.${name}`, 'x'] as const;
const good: Image = {
  name: 'order',
  bytes: 166_000_000,
  config: {
    User: '10001:10001',
    StopSignal: 'SIGTERM',
    Healthcheck: { Test: ['CMD', '/usr/local/bin/node', '/app/probe.mjs'] },
    Labels: Object.fromEntries(['title', 'description', 'version', 'revision', 'licenses', 'base.name'].map(label)),
  },
  inside: { uid: 10_001, ownBytes: 34_000_000, packages: ['node_modules/pg'], shells: [], written: [] },
};

describe('the set-up of an image', () => {
  it('is fine when a numbered user can write nowhere', () => {
    expect(wrongWithConfig(good)).toEqual([]);
  });

  it.each(['', 'root', 'node', '0', '0:0', '1000:0', '10001'])('is wrong with the user "%s"', (User) => {
    expect(wrongWithConfig({ ...good, config: { ...good.config, User } })).toHaveLength(1);
  });

  it('is wrong in every way at once', () => {
    const inside = { ...good.inside, uid: 0, shells: ['/bin/sh'], written: ['/app/probe'] };

    const wrong = wrongWithConfig({ ...good, config: { User: '' }, inside });

    expect(wrong).toHaveLength(12);
    expect(wrong).toContain('/app/probe can be written to under a read-only root');
    expect(wrong).toContain('it lacks the label version');
  });
});

describe('the packages of an image', () => {
  it('are those that the lock file names for production', () => {
    const packages = ['node_modules/pg', 'node_modules/vitest', 'node_modules/typescript', 'node_modules/stray'];
    const lock = {
      packages: { 'node_modules/pg': {}, 'node_modules/vitest': { dev: true }, 'node_modules/typescript': { devOptional: true } },
    };

    expect(strangePackages({ ...good, inside: { ...good.inside, packages } }, lock)).toEqual([
      'node_modules/vitest is for development',
      'node_modules/typescript is for development',
      'node_modules/stray is not in package-lock.json',
    ]);
  });
});

describe('the size of an image', () => {
  it('has a limit in all and one for what is ours', () => {
    expect(tooLarge(good, { allMegabytes: 250, ownMegabytes: 40 })).toEqual([]);
    expect(tooLarge(good, { allMegabytes: 166, ownMegabytes: 34 })).toEqual([]);
    expect(tooLarge(good, { allMegabytes: 165, ownMegabytes: 33 })).toEqual([
      'it has 166 MB, more than 165',
      '34.0 MB of it are ours, more than 33',
    ]);
  });
});
