import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataFile } from './data-file.ts';

describe('a data file', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'simulator-'));
    path = join(folder, 'not/yet/there', 'books.jsonl');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const read = () => {
    const file = new DataFile(path);
    const values = file.read();
    file.close();
    return values;
  };
  const append = (...lines: string[]) => {
    const file = new DataFile(path);
    file.read();
    for (const line of lines) file.append(line);
    file.close();
  };

  it('is made with its folders, and tells everything that was added to it', () => {
    append('{"a":1}\n', '{"b":"ü"}\n{"c":3}\n');
    append('{"d":4}\n');

    expect(read()).toEqual([{ a: 1 }, { b: 'ü' }, { c: 3 }, { d: 4 }]);
  });

  it.each(['{"half":', '{"whole":true}', '\0\0\0'])('loses only its last line when that was not ended (%j)', (rest) => {
    append('{"a":1}\n');
    appendFileSync(path, rest);

    append('{"b":2}\n');

    expect(read()).toEqual([{ a: 1 }, { b: 2 }]);
  });

  it('is not read when a line before the last is broken', () => {
    append('{"a":1}\n');
    appendFileSync(path, '{"b":\n{"c":3}\n');

    expect(read).toThrow(`Line 2 of ${path} cannot be read`);
  });

  it('can be emptied and goes on', () => {
    const file = new DataFile(path);
    file.append('{"a":1}\n');
    file.clear();
    file.append('{"b":2}\n');
    file.close();

    expect(read()).toEqual([{ b: 2 }]);
  });

  it('takes nothing more once it is closed, and can be closed twice', () => {
    const file = new DataFile(path);
    file.append('{"a":1}\n');
    file.close();
    file.close();

    expect(() => file.append('{"b":2}\n')).toThrow('is closed');
    expect(readFileSync(path, 'utf8')).toBe('{"a":1}\n');
  });

  it('cannot be a folder', () => {
    writeFileSync(join(folder, 'file'), '');

    expect(() => new DataFile(folder)).toThrow('EISDIR');
    expect(() => new DataFile(join(folder, 'file', 'below'))).toThrow();
  });
});
