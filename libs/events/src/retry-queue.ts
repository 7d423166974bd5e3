import type { StreamEntry } from './stream-group.ts';

/** An entry in this process's hands: how often its handling was put off, and why it is to be given up, once that is decided. */
export interface Held {
  readonly entry: StreamEntry;
  readonly deferrals: number;
  readonly reason?: unknown;
}

/** Entries that wait for their next try, in memory; Redis holds them as pending, so a process that dies loses nothing. */
export class RetryQueue {
  private readonly waiting = new Map<string, Held & { dueAt: number }>();

  constructor(
    private readonly firstDelayMs: number,
    private readonly longestDelayMs = 5_000,
  ) {}

  get size(): number {
    return this.waiting.size;
  }

  get entries(): StreamEntry[] {
    return [...this.waiting.values()].map(({ entry }) => entry);
  }

  /** Waits twice as long with every try, with jitter. */
  add(held: Held): void {
    const rounds = Math.max(1, held.entry.tries + held.deferrals);
    const delay = Math.min(this.firstDelayMs * 2 ** Math.min(rounds - 1, 20), this.longestDelayMs);
    this.waiting.set(keyOf(held.entry), { ...held, dueAt: Date.now() + delay * (0.75 + Math.random() / 2) });
  }

  /** Entries whose time has come; they leave the queue. */
  takeDue(limit: number): Held[] {
    const now = Date.now();
    const due = [...this.waiting.values()].filter(({ dueAt }) => dueAt <= now).slice(0, limit);
    for (const { entry } of due) this.waiting.delete(keyOf(entry));
    return due;
  }

  has(entry: StreamEntry): boolean {
    return this.waiting.has(keyOf(entry));
  }

  /** Milliseconds until the next entry is due, 0 when one is, Infinity when none waits. */
  nextDueInMs(): number {
    const next = Math.min(...[...this.waiting.values()].map(({ dueAt }) => dueAt));
    return Math.max(0, next - Date.now());
  }
}

const keyOf = ({ stream, id }: StreamEntry): string => `${stream} ${id}`;
