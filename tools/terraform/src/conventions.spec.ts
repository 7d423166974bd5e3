import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSchema } from './schema/schema.file.ts';
import { configurations, filesWith, schemaFile, terraformFolder, usedTypes } from './terraform.files.ts';

const read = (file: string) => readFileSync(join(terraformFolder, file), 'utf8');
const sources = filesWith('.tf').map((file) => ({ file, text: read(file) }));
/** Blocks of a kind at the left margin, with their names and contents. */
const blocks = (text: string, kind: string) => [
  ...text.matchAll(new RegExp(`^${kind} "([^"]+)" \\{\\n([\\s\\S]*?)\\n\\}`, 'gm')),
];

describe('deploy/terraform', () => {
  it('is more than a handful of files', () => {
    expect(sources.length).toBeGreaterThan(60);
    expect(configurations().length).toBeGreaterThan(15);
  });

  it('uses nothing that the kept schema does not have, and pins the version the schema is of', () => {
    const schema = readSchema(schemaFile);

    const unknown = usedTypes().filter(({ kind, type }) => !schema[kind][type]);
    const pinned = ['bootstrap', 'environments/staging', 'environments/production'].map(
      (folder) => /\n {6}version = "([^"]+)"/.exec(read(`${folder}/versions.tf`))?.[1],
    );

    expect(unknown).toEqual([]);
    expect(new Set(pinned)).toEqual(new Set([schema.provider.version]));
  });

  it('says in every folder which versions it works with', () => {
    const silent = configurations().filter(
      (folder) => !/required_version[\s\S]*required_providers/.test(read(`${folder}/versions.tf`)),
    );

    expect(silent).toEqual([]);
  });

  it('names no account but those of the documents of AWS', () => {
    const everything = [
      ...filesWith('.tf'),
      ...filesWith('.hcl'),
      ...filesWith('.rego'),
      ...filesWith('.example'),
      ...filesWith('.md'),
    ];

    const accounts = everything.flatMap((file) =>
      [...read(file).matchAll(/(?<![\d.])\d{12}(?!\d)/g)].map(([account]) => account),
    );

    expect(everything.length).toBeGreaterThan(80);
    expect(accounts.filter((account) => account !== '123456789012')).toEqual([]);
  });

  it('describes and types every variable, describes every output, and has both in files of their own', () => {
    const variables = sources.flatMap(({ file, text }) =>
      blocks(text, 'variable').map(([, name, content = '']) => ({ file, name, content })),
    );
    const outputs = sources.flatMap(({ file, text }) =>
      blocks(text, 'output').map(([, name, content = '']) => ({ file, name, content })),
    );

    expect(variables.length).toBeGreaterThan(80);
    expect(variables.filter(({ content }) => !/^ {2}description/m.test(content) || !/^ {2}type/m.test(content))).toEqual([]);
    expect(outputs.filter(({ content }) => !/^ {2}description/m.test(content))).toEqual([]);
    expect(variables.filter(({ file }) => !file.endsWith('/variables.tf'))).toEqual([]);
    expect(outputs.filter(({ file }) => !file.endsWith('/outputs.tf'))).toEqual([]);
  });

  it('declares no variable that it does not use', () => {
    const unused = configurations().flatMap((folder) => {
      const texts = sources.filter(({ file }) => dirname(file) === folder).map(({ text }) => text);
      return texts
        .flatMap((text) => blocks(text, 'variable'))
        .filter(([block, name]) => !texts.some((text) => text.replace(block, '').includes(`var.${name}`)))
        .map(([, name]) => `${folder}: ${name}`);
    });

    expect(unused).toEqual([]);
  });

  it('gives a reason of some words for every exception', () => {
    const exceptions = sources.flatMap(({ file, text }) =>
      [...text.matchAll(/checkov:skip=\w+(.*)/g)].map(([, reason = '']) => ({ file, reason })),
    );

    expect(exceptions.length).toBeGreaterThan(10);
    expect(exceptions.filter(({ reason }) => !/^:\S.{7,}/.test(reason))).toEqual([]);
  });
});
