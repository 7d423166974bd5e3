import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { missingProofs, proofsIn, rowsIn } from './proofs.ts';
import { textOf } from './repository.ts';

describe.each([
  ['docs/traps.md', 50],
  ['docs/calls.md', 12],
])('%s', (document, atLeast) => {
  const rows = rowsIn(textOf(document));

  it(`has at least ${atLeast} rows`, () => {
    expect(rows.length).toBeGreaterThanOrEqual(atLeast);
  });

  it('names a test in every row', () => {
    const without = rows.filter((cells) => proofsIn(cells.join(' '), 'docs').length === 0);

    expect(without.map(([first]) => first)).toEqual([]);
  });

  it('names tests that are there, by the titles they have', () => {
    expect(missingProofs(document)).toEqual([]);
  });
});

describe('a named test', () => {
  const root = mkdtempSync(join(tmpdir(), 'proofs-'));
  afterAll(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'docs'));
  const source = [
    "it('sells once', () => {});",
    "it.each([1])('counts to %i [twice]', () => {});",
    "it.each([1])(\n  'is long',\n  () => {});",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a title as it stands in a source
    'it(`holds over ${FLOOR} modules`, () => {});',
    "// never: 'a text'",
  ];
  writeFileSync(join(root, 'shop.spec.ts'), source.join('\n'));

  it.each([
    ['sells once', true],
    ['counts to %i [twice]', true],
    ['is long', true],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a title as it stands in a source
    ['holds over ${FLOOR} modules', true],
    ['sells', false],
    ['sells twice', false],
    ['a text', false],
  ])('%s is there: %s', (title, isThere) => {
    writeFileSync(join(root, 'docs/a.md'), `| a | b |\n| --- | --- |\n| x | [${title}](../shop.spec.ts) |`);

    expect(missingProofs('docs/a.md', root)).toEqual(isThere ? [] : [`shop.spec.ts: ${title}`]);
  });

  it('is missed in a file that is gone', () => {
    writeFileSync(join(root, 'docs/a.md'), '[sells once](../gone.spec.ts)');

    expect(missingProofs('docs/a.md', root)).toEqual(['gone.spec.ts: sells once']);
  });

  it('is looked for in the rows of tables, not in their heads', () => {
    expect(rowsIn('| a | b |\n| --- | :-: |\n| 1 | x \\| y |\n\ntext\n\n| c |\n| - |\n| 2 |')).toEqual([['1', 'x \\| y'], ['2']]);
  });
});
