import { counter, gauge, histogram } from '@emporium/telemetry';

const findings = gauge(
  'emporium_reconciliation_findings',
  'Disagreements of the books that are not resolved, by kind and state.',
  ['kind', 'state'],
);
const lastSuccess = gauge(
  'emporium_reconciliation_last_success_timestamp_seconds',
  'When the last run ended that could compare everything.',
);
const runs = counter('emporium_reconciliation_runs_total', 'Runs that ended in this process, by outcome.', ['outcome']);
const duration = histogram(
  'emporium_reconciliation_run_duration_seconds',
  'Time of one run.',
  [],
  [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900],
);

export const reconciliationMetrics = {
  ended: (outcome: 'succeeded' | 'failed', seconds: number) => {
    runs.inc({ outcome });
    duration.observe(seconds);
  },
  standing: (counts: readonly { kind: string; state: string; count: number }[], succeededAt: Date | undefined) => {
    findings.reset();
    for (const { kind, state, count } of counts) findings.set({ kind, state }, count);
    if (succeededAt !== undefined) lastSuccess.set(succeededAt.getTime() / 1_000);
  },
};
