import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { experiments } from '../experiments/index.ts';
import { floatMoney } from './float-money.ts';
import { type MutatedTree, mutatedTree } from './mutated-tree.ts';
import { plantedBugs } from './planted-bugs.ts';
import { replaceAll } from './replace.ts';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

describe('the planted bugs', () => {
  it('are twelve, each with a name of its own', () => {
    expect(new Set(plantedBugs.map(({ id }) => id)).size).toBe(12);
  });

  it.each(plantedBugs)('$id is hunted by experiments that there are', (bug) => {
    const known = experiments.map(({ id }) => id);

    expect(bug.experiments.filter((id) => !known.includes(id))).toEqual([]);
    expect(bug.experiments).not.toEqual([]);
  });

  it.each(plantedBugs)('$id finds the text it replaces, and types agree with the mistake', ({ replacements }) => {
    const texts = replaceAll(replacements, read);

    expect(typeErrors(texts)).toEqual([]);
  });

  it.each(plantedBugs)('$id would show in a build, and is in none', ({ replacements }) => {
    const telltales = telltalesOf(replaceAll(replacements, read));

    expect(telltales).not.toEqual([]);
    expect(telltales.filter(({ file, line }) => existsSync(join(ROOT, file)) && read(file).split('\n').includes(line))).toEqual(
      [],
    );
  });

  it('have no switch: nothing that is shipped knows of this suite', () => {
    const files = globSync(['{libs,services}/*/{package.json,src/**/*.ts}'], { cwd: ROOT, exclude: ['**/*.spec.ts'] });

    expect(files.filter((file) => /planted|@emporium\/chaos/i.test(read(file)))).toEqual([]);
    expect(files.length).toBeGreaterThan(300);
  });
});

describe('a tree with a mistake in it', () => {
  let tree: MutatedTree;

  beforeAll(async () => {
    tree = await mutatedTree(floatMoney);
  }, 60_000);
  afterAll(() => tree.remove());

  it('is built with it, as the workspace resolves its packages', () => {
    const built = readFileSync(join(tree.root, 'node_modules/@emporium/money/dist/money.js'), 'utf8');

    for (const { line } of telltalesOf(replaceAll(floatMoney.replacements, read))) expect(built).toContain(line);
    expect(built).not.toContain('price.amount * count, ');
    expect(existsSync(join(tree.root, 'libs/money/dist/money.spec.js'))).toBe(false);
  });

  it('finds the packages of others', () => {
    for (const name of ['pg', '@nestjs/core', '.bin/swc']) expect(existsSync(join(tree.root, 'node_modules', name))).toBe(true);
  });

  it('leaves the real one as it is', () => {
    const real = globSync('libs/money/{src,dist}/money.*', { cwd: ROOT });

    expect(real.filter((file) => read(file).includes('Math.trunc'))).toEqual([]);
    expect(real).toContain('libs/money/src/money.ts');
  });

  it('is gone afterwards, and the packages it borrowed are not', async () => {
    const other = await mutatedTree({ id: 'none', replacements: [] });

    await other.remove();

    expect(existsSync(other.root)).toBe(false);
    expect(existsSync(join(ROOT, 'node_modules/pg/package.json'))).toBe(true);
  });
});

const swc = JSON.parse(read('.swcrc'));
const compiled = (text: string) => transformSync(text, { ...swc, swcrc: false, sourceMaps: false }).code.split('\n');

/** Lines of the built file, or of the migration, that only the mistake puts there. */
function telltalesOf(texts: ReadonlyMap<string, string>): { file: string; line: string }[] {
  return [...texts].flatMap(([file, text]) => {
    const isSource = file.endsWith('.ts');
    const [real, mistaken] = isSource ? [compiled(read(file)), compiled(text)] : [read(file).split('\n'), text.split('\n')];
    const built = isSource ? file.replace('/src/', '/dist/').replace(/\.ts$/, '.js') : file;
    return mistaken.filter((line) => line.trim().length > 10 && !real.includes(line)).map((line) => ({ file: built, line }));
  });
}

const parsed = new Map<string, ts.SourceFile | undefined>();

/** What the compiler says of the changed files, with everything else as it is. Sources that do not change are read once. */
function typeErrors(texts: ReadonlyMap<string, string>): string[] {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.base.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
  const changed = new Map([...texts].map(([file, text]) => [join(ROOT, file), text]));
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (name, languageVersion, ...rest) => {
    const text = changed.get(name);
    if (text !== undefined) return ts.createSourceFile(name, text, languageVersion, true);
    if (!parsed.has(name)) parsed.set(name, getSourceFile(name, languageVersion, ...rest));
    return parsed.get(name);
  };
  const sources = [...changed.keys()].filter((name) => name.endsWith('.ts'));
  const program = ts.createProgram(sources, options, host);
  return sources.flatMap((name) => {
    const source = program.getSourceFile(name);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  });
}
