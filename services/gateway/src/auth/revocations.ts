import { type RevocationsResponse, revocationsPageSize, revocationsResponse } from '@emporium/contracts/user';
import type { HttpClient } from '@emporium/http-client';
import type { Logger } from '@emporium/telemetry';
import { sessionsUnknown } from './access.errors.ts';

/** An access token lives 15 minutes at most; five more cover clocks that differ. */
const rememberMs = 20 * 60_000;

/**
 * Sessions that ended while their access tokens are still good. Polled from the user service, whose Postgres is the truth:
 * a flushed Redis opens no door, and while the user service is down the last known list stays in force. Before the whole list has been
 * heard once nobody is let in.
 */
export class Revocations {
  /** Session id → when it ended. Told roughly in that order, and forgotten in the order told. */
  private readonly ended = new Map<string, number>();
  private since = 0;
  private heardAll = false;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private failing = false;

  constructor(
    private readonly users: Pick<HttpClient, 'get'>,
    private readonly logger: Logger,
    private readonly everyMs = 1_000,
  ) {}

  /** Whether the session ended. Raises AppError 503 while that cannot be said. */
  has(sessionId: string): boolean {
    this.mustBeKnown();
    return this.ended.has(sessionId);
  }

  /** Raises AppError 503 until the whole list has been heard once. */
  mustBeKnown(): void {
    if (!this.heardAll) throw sessionsUnknown();
  }

  /** Asks once before it returns, so that a gateway that has just started knows what its neighbours know. Never throws. */
  async start(): Promise<void> {
    await this.refresh();
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.start(), this.everyMs);
    this.timer.unref();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private async refresh(): Promise<void> {
    try {
      while (await this.hearPage()) if (this.stopped) return;
      this.heardAll = true;
      this.forget();
      if (this.failing) this.logger.info('ended sessions are known again');
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.logger.warn('ended sessions could not be asked for; the last known stay refused', { error });
      this.failing = true;
    }
  }

  /** Returns whether there may be more. */
  private async hearPage(): Promise<boolean> {
    const news: RevocationsResponse = await this.users.get(`/internal/revocations?since=${this.since}`, revocationsResponse);
    for (const { sessionId, endedAt } of news.items) this.ended.set(sessionId, Date.parse(endedAt));
    this.since = news.next;
    return news.items.length >= revocationsPageSize;
  }

  private forget(): void {
    const before = Date.now() - rememberMs;
    for (const [sessionId, endedAt] of this.ended) {
      if (endedAt >= before) return;
      this.ended.delete(sessionId);
    }
  }
}
