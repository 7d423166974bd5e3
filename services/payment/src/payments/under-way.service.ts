import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';

/** The provider's webhook may arrive before its answer; what it says is in the books as soon as the answer is. */
const patienceMs = 250;

/** Charges that this process asks the provider for just now. Only spares work: nothing is decided by it. */
@Injectable()
export class UnderWayService {
  private readonly ends = new Map<string, Promise<unknown>>();

  async during<Result>(orderId: string, charge: () => Promise<Result>): Promise<Result> {
    const end = charge();
    this.ends.set(orderId, end);
    try {
      return await end;
    } finally {
      if (this.ends.get(orderId) === end) this.ends.delete(orderId);
    }
  }

  /** Resolves when the order's charge has come to an end here, whatever that was; at once when none is under way; soon in any case. */
  async ended(orderId: string): Promise<void> {
    const end = this.ends.get(orderId);
    if (end === undefined) return;
    const enough = new AbortController();
    const patience = sleep(patienceMs, undefined, { signal: enough.signal });
    await Promise.race([end, patience]).catch(() => undefined);
    enough.abort();
    await patience.catch(() => undefined);
  }
}
