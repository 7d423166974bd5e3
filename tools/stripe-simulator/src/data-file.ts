import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const LINE_END = 0x0a;

/**
 * Lines of JSON, only ever added to. A process that is killed while it writes leaves at most half a line, which the next one cuts
 * off. Not flushed to the disk: a machine that loses power may lose the last lines.
 */
export class DataFile {
  private readonly descriptor: number;
  private size = 0;
  private isOpen = true;

  constructor(private readonly path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.descriptor = openSync(path, 'a+');
  }

  /** Every value written so far. Throws when a line before the last one cannot be read: somebody else wrote there. */
  read(): unknown[] {
    const bytes = readFileSync(this.path);
    const values: unknown[] = [];
    this.size = 0;
    for (let end = bytes.indexOf(LINE_END); end >= 0; end = bytes.indexOf(LINE_END, this.size)) {
      values.push(this.parse(bytes.subarray(this.size, end), values.length + 1));
      this.size = end + 1;
    }
    ftruncateSync(this.descriptor, this.size);
    return values;
  }

  /** Adds all of the lines, or throws and adds none. */
  append(lines: string): void {
    // The number of a closed file may by now belong to another one.
    if (!this.isOpen) throw new Error(`${this.path} is closed.`);
    const bytes = Buffer.from(lines);
    try {
      for (let written = 0; written < bytes.length; ) written += writeSync(this.descriptor, bytes, written);
    } catch (error) {
      ftruncateSync(this.descriptor, this.size);
      throw error;
    }
    this.size += bytes.length;
  }

  clear(): void {
    ftruncateSync(this.descriptor, 0);
    this.size = 0;
  }

  close(): void {
    if (this.isOpen) closeSync(this.descriptor);
    this.isOpen = false;
  }

  private parse(line: Buffer, number: number): unknown {
    try {
      return JSON.parse(line.toString());
    } catch (cause) {
      throw new Error(`Line ${number} of ${this.path} cannot be read. Repair it, or delete the file to forget every charge.`, {
        cause,
      });
    }
  }
}
