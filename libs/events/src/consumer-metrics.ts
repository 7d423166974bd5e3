import { counter, histogram } from '@emporium/telemetry';
import type { Outcome } from './entry-handler.ts';

/** Counters of one consumer group. */
export function consumerMetrics(group: string) {
  const outcomes = counter('emporium_events_consumed_total', 'Events by what became of them.', ['group', 'type', 'outcome']);
  const delays = histogram('emporium_event_delay_seconds', 'From the fact to its being handled.', ['group']).labels(group);
  const parked = counter('emporium_events_parked_total', 'Events that became dead letters.', ['group']).labels(group);

  return {
    ended(outcome: Outcome): void {
      // Types nobody here handles come from other services' hands: keep them out of the labels.
      const type = 'error' in outcome ? outcome.type : outcome.kind === 'ignored' ? 'other' : outcome.envelope.type;
      outcomes.labels(group, type, outcome.kind).inc();
      if (outcome.kind === 'handled') delays.observe(Math.max(0, Date.now() - Date.parse(outcome.envelope.occurredAt)) / 1_000);
    },
    parked: () => parked.inc(),
  };
}
