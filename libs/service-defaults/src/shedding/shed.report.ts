import { counter, type Logger } from '@emporium/telemetry';
import type { Priority } from './priority.ts';

/** `loop-delay`: the event loop is late; `in-flight`: too much is under way here; `concurrency`: too much is asked of a service behind. */
export type ShedReason = 'loop-delay' | 'in-flight' | 'concurrency';

const shed = counter('emporium_requests_shed_total', 'Requests refused at arrival because of overload.', ['priority', 'reason']);

const everyMs = 1_000;

/** Counts what is refused, and says so once a second: a line for each would cost more than the refusal. */
export class ShedReport {
  private readonly counts = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly logger: Logger,
    /** What else belongs in the line. */
    private readonly state: () => Record<string, unknown> = () => ({}),
  ) {}

  add(priority: Priority, reason: ShedReason): void {
    const key = `${priority} ${reason}`;
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    this.timer ??= setTimeout(() => this.flush(), everyMs).unref();
  }

  /** What was counted since the last second. For the end, too. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.counts.size === 0) return;
    const fields: Record<string, number> = {};
    for (const [key, count] of this.counts) {
      const [priority, reason] = key.split(' ') as [Priority, ShedReason];
      shed.inc({ priority, reason }, count);
      fields[`${priority}:${reason}`] = count;
    }
    this.counts.clear();
    this.logger.warn('requests shed', { ...fields, ...this.state() });
  }
}
