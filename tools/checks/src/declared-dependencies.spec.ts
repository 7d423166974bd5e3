import { describe, expect, it } from 'vitest';
import { packagesIn, undeclaredImports } from './declared-dependencies.ts';
import { filesOf } from './repository.ts';

const projects = filesOf(['{libs,services,tools}/*/package.json', 'loadtests/baselines/package.json'])
  .map((file) => file.replace('/package.json', ''))
  .filter((project) => project !== 'tools/checks'); // this file quotes imports of others

describe('the declared dependencies', () => {
  it('are looked at in every project', () => {
    expect(projects.length).toBeGreaterThanOrEqual(21);
  });

  it.each(projects)('of %s name all that it imports', (project) => {
    expect(undeclaredImports(project)).toEqual([]);
  });
});

describe('the packages in a source', () => {
  it('are found in every form of import, once each', () => {
    const source = `
      import { a } from '@emporium/errors';
      import type { B } from "pg";
      import {
        c,
      } from '@emporium/contracts/order';
      import 'reflect-metadata';
      export { d } from '@emporium/errors';
      const e = await import('winston');
    `;

    expect(packagesIn(source)).toEqual(['@emporium/errors', 'pg', '@emporium/contracts', 'reflect-metadata', 'winston']);
  });

  it("are neither files nor Node's own modules", () => {
    expect(packagesIn("import { a } from './a.ts';\nimport { join } from 'node:path';\nimport fs from 'fs';")).toEqual([]);
  });
});
