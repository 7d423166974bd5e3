import { closeSync, copyFileSync, fstatSync, openSync, readSync, statSync, truncateSync } from 'node:fs';
import { codeOf } from './errors.ts';

const TAIL_BYTES = 16_384;

/** The last lines of a log; none when there is no log yet. */
export function lastLines(file: string, count: number): string[] {
  try {
    const handle = openSync(file, 'r');
    try {
      const { size } = fstatSync(handle);
      const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
      readSync(handle, tail, 0, tail.length, size - tail.length);
      return tail.toString('utf8').split('\n').filter(Boolean).slice(-count);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/**
 * Moves a log that grew past `limitBytes` to `<file>.1` and empties it in place, which is safe while its process appends to it.
 * A line written between the two steps is lost.
 */
export function trimLog(file: string, limitBytes: number): void {
  try {
    if (statSync(file).size <= limitBytes) return;
    copyFileSync(file, `${file}.1`);
    truncateSync(file);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}
