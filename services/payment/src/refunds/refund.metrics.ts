import { counter } from '@emporium/telemetry';

const settled = counter('emporium_refunds_settled_total', 'Refunds whose outcome is known, by outcome.', ['outcome']);

export const refundMetrics = {
  settled: (outcome: string) => settled.inc({ outcome }),
};
