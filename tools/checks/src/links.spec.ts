import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { brokenLinks, linksIn } from './links.ts';
import { filesOf } from './repository.ts';

const documents = filesOf(['README.md', 'docs/**/*.md', '{libs,services,tools}/*/README.md', '{e2e,loadtests}/README.md']);

describe('the links of the documents', () => {
  it('are looked at in every lib and service', () => {
    expect(documents.length).toBeGreaterThanOrEqual(12);
  });

  it.each(documents)('lead somewhere in %s', (document) => {
    expect(brokenLinks(document)).toEqual([]);
  });
});

describe('a broken link', () => {
  const root = mkdtempSync(join(tmpdir(), 'links-'));
  afterAll(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'docs'));
  writeFileSync(join(root, 'code.ts'), 'one\ntwo\n');
  writeFileSync(join(root, 'README.md'), '# The shop, end to end\n');

  it.each([
    ['../code.ts', undefined],
    ['/code.ts', undefined],
    ['../code.ts#L2', undefined],
    ['../README.md#the-shop-end-to-end', undefined],
    ['..', undefined],
    ['../gone.ts', 'no such file'],
    ['../code.ts#L9', 'no such line'],
    ['../code.ts#L1-L9', 'no such line'],
    ['../README.md#elsewhere', 'no such heading'],
    ['#elsewhere', 'no such heading'],
  ])('%s is %s', (link, problem) => {
    writeFileSync(join(root, 'docs/walk.md'), `See [it](${link}).`);

    expect(brokenLinks('docs/walk.md', root)).toEqual(problem === undefined ? [] : [`docs/walk.md: ${link} (${problem})`]);
  });

  it('is not looked for in code or on the web', () => {
    const markdown = [
      '[a](a.md) `[b](b.md)` [c](https://example.org) [d](mailto:x@example.org)',
      '```',
      '[e](e.md)',
      '```',
      '[f]: f.md',
    ].join('\n');

    expect(linksIn(markdown)).toEqual(['a.md', 'f.md']);
  });
});
