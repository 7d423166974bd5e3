import { z } from 'zod';
import { difference } from '../difference.ts';
import { id, moment, pageOf } from '../primitives.ts';

/** Body of POST /v1/admin/reconciliation: compare everything that changed since then, but for the last `graceSeconds`. */
export const reconcileRequest = z.strictObject({
  // Postgres knows no year 0, ISO 8601 does.
  since: moment.refine((at) => at >= '1970', 'must not lie before 1970'),
  graceSeconds: z.int().min(0).max(3_600).optional(),
});
export type ReconcileRequest = z.infer<typeof reconcileRequest>;

/**
 * One run. `compared` counts lines of the provider's statement, orders, and products. A part that failed has a `problem`, and left its
 * findings as they were.
 */
export const reconciliationRunResponse = z.object({
  id,
  trigger: z.enum(['schedule', 'request']),
  status: z.enum(['running', 'succeeded', 'failed']),
  since: moment,
  until: moment,
  startedAt: moment,
  finishedAt: moment.nullable(),
  parts: z.array(
    z.object({
      part: z.enum(['provider', 'orders', 'stock']),
      status: z.enum(['succeeded', 'failed']),
      compared: z.int(),
      problem: z.string().nullable(),
    }),
  ),
});
export type ReconciliationRunResponse = z.infer<typeof reconciliationRunResponse>;

/**
 * One disagreement that the last look at it still saw. `waiting`: a job is at it; `repaired`: a step was repeated, and the next run says
 * whether that helped; `open`: somebody has to look.
 */
export const reconciliationFinding = difference.omit({ repaired: true }).extend({
  id,
  part: z.enum(['provider', 'orders', 'stock']),
  state: z.enum(['waiting', 'repaired', 'open']),
  firstSeenAt: moment,
  lastSeenAt: moment,
  repairedAt: moment.nullable(),
});
export type ReconciliationFinding = z.infer<typeof reconciliationFinding>;

/** Answer of GET /v1/admin/reconciliation: what is not resolved, latest first, and the runs it comes from. */
export const reconciliationResponse = pageOf(reconciliationFinding).extend({
  counts: z.object({ open: z.int(), repaired: z.int(), waiting: z.int() }),
  current: reconciliationRunResponse.nullable(),
  last: reconciliationRunResponse.nullable(),
});
export type ReconciliationResponse = z.infer<typeof reconciliationResponse>;
