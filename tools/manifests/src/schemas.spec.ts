import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { strict, writeSchemas } from './schemas.ts';

describe('a schema of a definition', () => {
  it('knows no field that is not named', () => {
    const schema = { type: 'object', properties: { spec: { type: 'object', properties: { size: { type: 'string' } } } } };

    expect(strict(schema)).toEqual({
      type: 'object',
      additionalProperties: false,
      properties: { spec: { type: 'object', additionalProperties: false, properties: { size: { type: 'string' } } } },
    });
  });

  it('leaves open what the definition leaves open', () => {
    const open = { type: 'object', properties: {}, 'x-kubernetes-preserve-unknown-fields': true };
    const map = { type: 'object', additionalProperties: { type: 'object', properties: {} } };

    expect(strict(open)).not.toHaveProperty('additionalProperties');
    expect(strict(map)).toEqual({
      type: 'object',
      additionalProperties: { type: 'object', properties: {}, additionalProperties: false },
    });
  });

  it('takes a number or a text where either will do', () => {
    expect(strict({ 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] }).type).toEqual([
      'integer',
      'string',
    ]);
  });

  it('checks the items of lists, and values that may be null', () => {
    const items = { type: 'object', properties: { a: { type: 'string', nullable: true } } };

    expect(strict({ type: 'array', items }).items).toMatchObject({
      additionalProperties: false,
      properties: { a: { type: ['string', 'null'] } },
    });
  });
});

describe('a folder of definitions', () => {
  const folder = mkdtempSync(join(tmpdir(), 'schemas-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('becomes a file for each version of each kind', () => {
    const versions = ['v1', 'v2'].map(
      (name) => `    - { name: ${name}, schema: { openAPIV3Schema: { type: object, properties: { spec: { type: object } } } } }`,
    );
    const texts = [
      'kind: CustomResourceDefinition',
      'spec:',
      '  group: shop.example',
      '  names: { kind: Shelf }',
      '  versions:',
      ...versions,
    ];
    writeFileSync(join(folder, 'shelf.yaml'), `${texts.join('\n')}\n---\nkind: ConfigMap\n`);

    expect(writeSchemas(folder, join(folder, 'out'))).toBe(2);
    expect(JSON.parse(readFileSync(join(folder, 'out/shop.example/shelf_v2.json'), 'utf8'))).toMatchObject({
      additionalProperties: false,
      properties: { metadata: { type: 'object' }, spec: { type: 'object' } },
    });
  });
});
