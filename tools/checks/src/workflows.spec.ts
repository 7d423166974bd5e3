import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesOf, ROOT, textOf } from './repository.ts';

const workflows = filesOf(['.github/workflows/*.yml']);

describe('a workflow', () => {
  it('is there for the tests and for the load', () => {
    expect(workflows).toEqual(['.github/workflows/ci.yml', '.github/workflows/load.yml']);
  });

  it.each(workflows)('%s names every action by a whole commit, and its version', (file) => {
    const uses = textOf(file).match(/uses: .+/g) ?? [];

    expect(uses.length).toBeGreaterThan(0);
    for (const use of uses) expect(use).toMatch(/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it.each(workflows)('%s does what a script does that people can run', (file) => {
    const runs = [...textOf(file).matchAll(/^\s+run: (\S+)/gm)].map(([, script = '']) => script);

    expect(runs.length).toBeGreaterThan(0);
    for (const script of runs) expect(() => accessSync(join(ROOT, script), constants.X_OK)).not.toThrow();
  });

  it.each(workflows)('%s may read the repository, and nothing else', (file) => {
    expect(textOf(file)).toContain('permissions:\n  contents: read\n');
    expect(textOf(file)).not.toContain(': write');
  });
});
