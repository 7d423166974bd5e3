import { describe, expect, it } from 'vitest';
import { Checklist } from './checklist.ts';
import { mebibytes } from './project.ts';
import { noFigures, tablesOf } from './report.ts';

describe('the tables', () => {
  it('show what was measured, and a dash for what was not', () => {
    const figures = {
      ...noFigures(),
      readySeconds: 21.04,
      atRest: new Map([['order', 78.98]]),
      healedSeconds: new Map([['redis', 3]]),
    };

    const tables = tablesOf(figures);

    expect(tables).toContain('| order | 79.0 | – | – |');
    expect(tables).toContain('| `up --wait`, from nothing | 21.0 |');
    expect(tables).toContain('| images built | – |');
    expect(tables).toContain('| redis killed, until a purchase is confirmed | 3.0 |');
  });
});

describe('amounts of memory', () => {
  it('are read as docker writes them', () => {
    expect([mebibytes('512KiB'), mebibytes('87.42MiB'), mebibytes('1.5GiB')]).toEqual([0.5, 87.42, 1536]);
    expect(() => mebibytes('--')).toThrow('is no amount of memory');
  });
});

describe('the list', () => {
  it('says and counts what held and what did not', async () => {
    const said: string[] = [];
    const list = new Checklist((line) => said.push(line));

    list.holds('one', true, 'never said');
    list.none('two', ['this', 'that']);
    const result = await list.proves('three', () => Promise.resolve(3));
    const nothing = await list.proves('four', () => Promise.reject(new Error('why')));

    expect([list.passed, list.failed, result, nothing]).toEqual([2, 2, 3, undefined]);
    expect(said).toEqual(['✓ one', '✗ two', '    this', '    that', '✓ three', '✗ four', '    why']);
  });
});
