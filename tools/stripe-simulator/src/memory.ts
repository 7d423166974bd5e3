import type { Books, Item } from './books.ts';
import type { DataFile } from './data-file.ts';
import type { IdempotencyKeys, KeptKey } from './idempotency-keys.ts';

/** What one call changed. One line of the file, so that a call is remembered wholly or not at all: money, and the key's answer. */
interface Change {
  readonly items: readonly Item[];
  readonly keys: readonly KeptKey[];
}

/** Carries books and keys across a restart, if there is a file for it. */
export class Memory {
  private unsaved = '';

  constructor(
    private readonly books: Books,
    private readonly keys: IdempotencyKeys,
    private readonly file?: DataFile,
  ) {
    for (const change of (file?.read() ?? []) as Change[]) {
      for (const item of change.items) books.restore(item);
      for (const key of change.keys) keys.restore(key);
    }
  }

  /** To be called before any answer: nobody hears of a charge that a restart would forget. Throws when the file takes nothing. */
  save(): void {
    const change: Change = { items: this.books.takeChanged(), keys: this.keys.takeKept() };
    if (this.file === undefined) return;
    if (change.items.length + change.keys.length > 0) this.unsaved += `${JSON.stringify(change)}\n`;
    if (this.unsaved === '') return;
    this.file.append(this.unsaved);
    this.unsaved = '';
  }

  reset(): void {
    this.books.reset();
    this.keys.reset();
    this.unsaved = '';
    this.file?.clear();
  }

  close(): void {
    this.file?.close();
  }
}
