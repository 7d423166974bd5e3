import { revocationsPageSize as pageSize } from '@emporium/contracts/user';
import { Postgres, type Transaction } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import { RevocationRepository } from './revocation.repository.ts';
import type { Revocation } from './revocation.ts';

/** Access tokens live at most 15 minutes; five more cover clocks that differ and a poller that was away. */
const relevantMs = 20 * 60_000;

/**
 * Numbers are given at insert and seen at commit, so a lower number can appear after a higher one. A transaction here cannot last this long
 * (statements end after 3 s, idle transactions after 5 s): what is older than this is complete, what is younger is told again.
 */
const settledAfterMs = 10_000;

/** What those who check access tokens must know: the sessions that ended before their tokens did. */
@Injectable()
export class RevocationService {
  constructor(
    private readonly postgres: Postgres,
    private readonly revocations: RevocationRepository,
  ) {}

  async record(tx: Transaction, sessionIds: readonly string[], at: Date): Promise<void> {
    if (sessionIds.length > 0) await this.revocations.insert(tx, sessionIds, at);
  }

  /** `next` is what to ask with the next time. The same session may be told more than once. */
  async since(seq: number): Promise<{ items: Revocation[]; next: number }> {
    const { newest, settled } = await this.revocations.marks(this.postgres, settledAfterMs);
    // A number we never gave: the database was restored from a backup, and the asker knows a future that did not happen.
    const from = seq > newest ? 0 : seq;
    const items = await this.revocations.listAfter(this.postgres, from, { youngerThanMs: relevantMs, limit: pageSize });
    const last = items.at(-1);
    return { items, next: items.length === pageSize && last !== undefined ? last.seq : settled };
  }

  purge(tx: Transaction, before: Date, limit: number): Promise<number> {
    return this.revocations.deleteBefore(tx, before, limit);
  }
}
