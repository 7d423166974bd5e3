import type { RateLimiter } from '@emporium/redis';
import type { Limit } from './limits.ts';

interface Handful {
  left: number;
  /** Milliseconds of `performance.now()` before which the answer is still the last refusal. */
  refusedUntil: number;
  /** Under which all of this is true. */
  limit: Limit;
  asking: Promise<void> | undefined;
}

type Bucket = Pick<RateLimiter, 'take'>;

/** A refused client is told to wait whole seconds, so it can be refused that long without asking. */
const secondMs = 1_000;

/** About 10 MB. The key taken first is forgotten first; with it goes at most a fiftieth of a burst. */
const mostKeys = 50_000;

/**
 * Takes tokens from the bucket all replicas share, a fiftieth of a burst at a time, so that most requests cost no call to Redis, and
 * a flood of refused ones none at all. Where a fiftieth is less than two tokens the count is exact. A limit that changes is another
 * object, and begins with an empty hand.
 */
export class Handfuls {
  private readonly hands = new Map<string, Handful>();

  constructor(private readonly bucket: Bucket) {}

  /** Seconds to wait, 0 when the call may go on. Settled at once, without a promise, while the hand holds tokens. */
  take(key: string, limit: Limit): number | Promise<number> {
    const hand = this.handOf(key, limit);
    if (hand.left > 0) {
      hand.left -= 1;
      return 0;
    }
    const waitMs = hand.refusedUntil - performance.now();
    return waitMs > 0 ? Math.ceil(waitMs / secondMs) : this.ask(hand, key, limit);
  }

  /** Takes one token if the hand holds one; never asks. */
  takeFromHand(key: string, limit: Limit): boolean {
    const hand = this.hands.get(key);
    if (hand === undefined || hand.limit !== limit || hand.left <= 0) return false;
    hand.left -= 1;
    return true;
  }

  private handOf(key: string, limit: Limit): Handful {
    const known = this.hands.get(key);
    if (known?.limit === limit) return known;
    const hand: Handful = { left: 0, refusedUntil: 0, limit, asking: undefined };
    this.hands.set(key, hand);
    if (this.hands.size > mostKeys) this.forgetFirst();
    return hand;
  }

  private forgetFirst(): void {
    for (const key of this.hands.keys()) {
      this.hands.delete(key);
      return;
    }
  }

  private async ask(hand: Handful, key: string, limit: Limit): Promise<number> {
    const size = Math.floor(limit.burst / 50);
    if (size > 1) {
      // Callers that find the hand empty at the same moment wait for one handful, or they would empty the bucket between them.
      hand.asking ??= this.fill(hand, key, limit, size);
      await hand.asking;
      if (hand.left > 0) {
        hand.left -= 1;
        return 0;
      }
    }
    return this.takeOne(hand, key, limit);
  }

  private async fill(hand: Handful, key: string, { burst, perMinute }: Limit, cost: number): Promise<void> {
    try {
      const { allowed } = await this.bucket.take(key, { capacity: burst, refillPerSecond: perMinute / 60, cost });
      if (allowed) hand.left += cost;
    } finally {
      hand.asking = undefined;
    }
  }

  private async takeOne(hand: Handful, key: string, { burst, perMinute }: Limit): Promise<number> {
    const taken = await this.bucket.take(key, { capacity: burst, refillPerSecond: perMinute / 60 });
    if (taken.allowed) return 0;
    const waitSeconds = Math.max(1, taken.retryAfterSeconds);
    hand.refusedUntil = performance.now() + waitSeconds * secondMs;
    return waitSeconds;
  }
}
