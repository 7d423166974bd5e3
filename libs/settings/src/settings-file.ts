import { readFile } from 'node:fs/promises';

/** What is at a path now. */
export type Found = { kind: 'text'; text: string } | { kind: 'absent' } | { kind: 'unreadable'; code: string };

/** Reads the whole file. By its path each time, so that a file or a link in the way that was replaced is seen. Never rejects. */
export async function lookAt(path: string): Promise<Found> {
  try {
    return { kind: 'text', text: await readFile(path, 'utf8') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? { kind: 'absent' } : { kind: 'unreadable', code: code ?? String(error) };
  }
}

export const isSame = (one: Found | undefined, other: Found): boolean => JSON.stringify(one) === JSON.stringify(other);
