import { describe, expect, it } from 'vitest';
import { Books } from './books.ts';
import type { DataFile } from './data-file.ts';
import { IdempotencyKeys } from './idempotency-keys.ts';
import { Memory } from './memory.ts';
import { PaymentIntents } from './payment-intents.ts';

class FakeFile {
  text = '';
  isFull = false;

  read = () =>
    this.text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));

  append(lines: string): void {
    if (this.isFull) throw new Error('ENOSPC');
    this.text += lines;
  }
}

function remember(file?: FakeFile) {
  const books = new Books();
  const keys = new IdempotencyKeys();
  const memory = new Memory(books, keys, file as unknown as DataFile);
  const intents = new PaymentIntents(books, () => undefined);
  const pay = () => intents.create({ amount: '100', currency: 'eur', payment_method: 'pm_card_visa', confirm: 'true' });
  return { books, keys, memory, pay };
}

describe('the memory', () => {
  it('writes one line a call, and none for a call that changed nothing', () => {
    const file = new FakeFile();
    const { keys, memory, pay } = remember(file);
    keys.begin('key', '/path', {});
    keys.keep('key', { status: 200, body: pay() });

    memory.save();
    memory.save();

    expect(file.read()).toMatchObject([
      { items: [{ object: 'payment_intent', status: 'succeeded' }, { object: 'charge' }], keys: [{ key: 'key' }] },
    ]);
  });

  it('refuses every answer while the file is full, and writes the rest when it is not', () => {
    const file = new FakeFile();
    const { memory, pay } = remember(file);
    file.isFull = true;
    const intent = pay();
    expect(() => memory.save()).toThrow('ENOSPC');
    expect(() => memory.save()).toThrow('ENOSPC');
    const second = pay();

    file.isFull = false;
    memory.save();

    expect([...remember(file).books.intents.keys()]).toEqual([intent.id, second.id]);
  });

  it('needs no file', () => {
    const { books, memory, pay } = remember();
    const intent = pay();

    memory.save();
    memory.close();

    expect(books.intents.get(intent.id)).toBe(intent);
    expect(books.takeChanged()).toEqual([]);
  });
});
