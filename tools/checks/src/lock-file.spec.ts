import { describe, expect, it } from 'vitest';
import { filesOf, textOf } from './repository.ts';

interface Manifest {
  readonly scripts?: Record<string, string>;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly allowScripts?: Record<string, boolean>;
}

interface LockFile {
  readonly packages: Record<string, { version?: string; hasInstallScript?: boolean }>;
}

const read = <T>(file: string): T => JSON.parse(textOf(file)) as T;
const lock = read<LockFile>('package-lock.json');
const manifests = filesOf(['package.json', '{libs,services,tools}/*/package.json', 'loadtests/baselines/package.json']);

describe('the packages we depend on', () => {
  const named = manifests.flatMap((file) => {
    const { dependencies, devDependencies } = read<Manifest>(file);
    return Object.entries({ ...dependencies, ...devDependencies }).map(([name, version]) => ({ file, name, version }));
  });

  it('are many, so that the following checks see something', () => {
    expect(manifests.length).toBeGreaterThan(20);
    expect(named.length).toBeGreaterThan(100);
  });

  // npm on an older Node quietly picks an older version out of a range.
  it('are named with one exact version, and the lock file has that one', () => {
    for (const { file, name, version } of named) {
      expect(version, `${file}: ${name}`).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
      if (name.startsWith('@emporium/')) continue;
      const locked =
        lock.packages[`${file.replace(/\/?package\.json$/, '')}/node_modules/${name}`] ?? lock.packages[`node_modules/${name}`];
      expect(locked?.version, `${file}: ${name}`).toBe(version);
    }
  });

  it('have a TypeScript that the boundary check and the API description understand', () => {
    expect(lock.packages['node_modules/typescript']?.version).toMatch(/^6\./);
  });

  it('run a script when they are installed only if somebody has decided so', () => {
    const { allowScripts = {} } = read<Manifest>('package.json');
    const withScripts = Object.entries(lock.packages)
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => path.replace(/^.*node_modules\//, ''));

    expect(withScripts.length).toBeGreaterThan(5);
    expect(Object.keys(allowScripts).sort()).toEqual([...new Set(withScripts)].sort());
  });
});

describe('a build', () => {
  const builds = manifests.flatMap((file) => {
    const build = read<Manifest>(file).scripts?.build;
    return build?.startsWith('swc') ? [[file, build] as const] : [];
  });

  it('is looked at in every lib and service', () => {
    expect(builds.length).toBeGreaterThan(15);
  });

  // swc keeps the folders of the sources unless it is told not to, and then nothing finds dist/index.js.
  it.each(builds)('of %s puts its files where its package says they are', (_, build) => {
    expect(build).toMatch(/^swc src -d dist --strip-leading-paths /);
  });
});
