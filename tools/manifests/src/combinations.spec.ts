import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { COMBINATIONS, componentsOf } from './combinations.ts';
import { ROOT, textOf } from './repository.ts';

const componentsOfOverlay = (overlay: string): string[] =>
  parse(textOf(`deploy/kubernetes/overlays/${overlay}/kustomization.yaml`)).components;

describe('a combination', () => {
  it('leaves out, adds, and keeps the site last', () => {
    const components = ['../../components/a', '../../components/b', '../../components/site'];

    expect(componentsOf({ name: 'x', overlay: 'local', without: ['a'], with: ['c'] }, components)).toEqual([
      '../../components/b',
      '../../components/c',
      '../../components/site',
    ]);
  });

  it('cannot leave out what is not there', () => {
    expect(() => componentsOf({ name: 'x', overlay: 'local', without: ['a'] }, [])).toThrow('no component a');
  });

  it.each(COMBINATIONS)('$name fits its overlay', (combination) => {
    expect(componentsOf(combination, componentsOfOverlay(combination.overlay)).length).toBeGreaterThan(5);
  });
});

it('every component is part of an overlay or of a combination', () => {
  const all = readdirSync(join(ROOT, 'deploy/kubernetes/components'));
  const overlays = readdirSync(join(ROOT, 'deploy/kubernetes/overlays')).flatMap(componentsOfOverlay);
  const used = new Set([
    ...overlays.map((path) => path.split('/').at(-1)),
    ...COMBINATIONS.flatMap((combination) => combination.with ?? []),
  ]);

  expect(all.filter((component) => !used.has(component))).toEqual([]);
});
