import { counter } from '@emporium/telemetry';

const settled = counter('emporium_payments_settled_total', 'Charges whose outcome is known, by outcome and who told it.', [
  'outcome',
  'source',
]);
const unknown = counter('emporium_payments_unknown_total', 'Calls to the provider that left the outcome of a charge open.');

export type NewsSource = 'answer' | 'webhook' | 'recovery' | 'reconciliation';

export const paymentMetrics = {
  settled: (outcome: string, source: NewsSource) => settled.inc({ outcome, source }),
  unknown: () => unknown.inc(),
};
