import { counter, gauge } from '@emporium/telemetry';

type Kind = 'event' | 'job';

const waiting = gauge('emporium_dead_letters', 'Events and jobs that were given up and wait for somebody to look.', ['kind']);
const requeued = counter('emporium_dead_letters_requeued_total', 'Dead letters that were sent again.', ['kind']);

/** Every replica of a service tells the same level: take the highest, not the sum. */
export const deadLetterMetrics = {
  waiting: (kind: Kind, count: number) => waiting.set({ kind }, count),
  requeued: (kind: Kind) => requeued.inc({ kind }),
};
