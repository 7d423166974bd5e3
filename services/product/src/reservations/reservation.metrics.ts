import { counter } from '@emporium/telemetry';

const outcomes = counter('emporium_reservations_total', 'What became of reservations and attempts to make one.', ['outcome']);
const purged = counter('emporium_reservations_purged_total', 'Reservations forgotten because they were over long ago.');

export const reservationMetrics = {
  counted: (outcome: 'reserved' | 'out-of-stock' | 'committed' | 'released' | 'returned' | 'expired', count = 1) =>
    outcomes.inc({ outcome }, count),
  purged: (count: number) => purged.inc(count),
};
