import type { Logger } from '@emporium/telemetry';
import type { Lifecycle } from '../platform/lifecycle.ts';
import type { DeadLetterService } from './dead-letter.service.ts';

/** Often enough for an alert, and a scrape of the metrics never waits for the database. */
const everyMs = 15_000;

/** Keeps the gauge of dead letters; while the database is away it keeps its last value. */
export function watchDeadLetters(deadLetters: DeadLetterService, lifecycle: Lifecycle, logger: Logger): void {
  let failing = false;
  const look = async () => {
    try {
      await deadLetters.count();
      failing = false;
    } catch (error) {
      if (!failing) logger.warn('dead letters could not be counted', { error });
      failing = true;
    }
  };
  const timer = setInterval(() => void look(), everyMs).unref();
  lifecycle.onStop('background', 'count of dead letters', () => clearInterval(timer));
  void look();
}
