import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plantedViolations } from './planted-violations.ts';
import { ROOT } from './repository.ts';

// With TypeScript 7 alone, dependency-cruiser sees nothing and reports success. 587 modules were there when this was written.
const FLOOR = 400;

interface Configuration {
  forbidden: IForbiddenRuleType[];
  options: object;
}
const { forbidden, options } = createRequire(import.meta.url)(join(ROOT, '.dependency-cruiser.cjs')) as Configuration;

async function check(folders: string[], baseDir: string): Promise<ICruiseResult> {
  const cruiseOptions = { ...options, baseDir, validate: true, ruleSet: { forbidden } };
  const { output } = await cruise(folders, cruiseOptions, undefined, undefined);
  if (typeof output === 'string') throw new Error(output);
  return output;
}

describe('the boundaries', () => {
  it(`hold over at least ${FLOOR} modules`, async () => {
    const { summary } = await check(['libs', 'services', 'tools', 'e2e'], ROOT);

    expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
    expect(summary.totalCruised).toBeGreaterThan(FLOOR);
  }, 60_000);
});

describe('a planted violation', () => {
  const folder = mkdtempSync(join(tmpdir(), 'boundaries-'));
  let found: string[];

  beforeAll(async () => {
    for (const [file, text] of Object.entries(Object.assign({}, ...Object.values(plantedViolations)) as Record<string, string>)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    const { summary } = await check(['libs', 'services', 'tools'], folder);
    found = summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`);
  }, 60_000);

  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(forbidden.map(({ name }) => name ?? ''))('of %s is caught', (rule) => {
    const planted = Object.keys(plantedViolations[rule] ?? {})[0];

    expect(found).toContain(`${rule}: ${planted}`);
  });
});
