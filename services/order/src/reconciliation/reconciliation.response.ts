import type { ReconciliationFinding, ReconciliationResponse, ReconciliationRunResponse } from '@emporium/contracts/order';
import { toCursor } from '../orders/order.cursor.ts';
import type { Finding } from './finding.ts';
import type { Standing } from './reconciliation.service.ts';
import type { Run } from './run.ts';

export const toRunResponse = (run: Run): ReconciliationRunResponse => ({
  id: run.id,
  trigger: run.trigger,
  status: run.finishedAt === null ? 'running' : run.succeeded ? 'succeeded' : 'failed',
  since: run.since.toISOString(),
  until: run.until.toISOString(),
  startedAt: run.startedAt.toISOString(),
  finishedAt: run.finishedAt?.toISOString() ?? null,
  parts: run.parts.map(({ part, status, compared, problem }) => ({ part, status, compared, problem })),
});

/** One finding more than `limit` was asked for: whether it is there says whether there is a next page. */
export function toResponse({ findings, counts, current, last }: Standing, limit: number): ReconciliationResponse {
  const shown = findings.slice(0, limit);
  const end = shown.at(-1);
  return {
    items: shown.map(toFinding),
    nextCursor: findings.length > limit && end !== undefined ? toCursor({ createdAt: end.firstSeenAt, id: end.id }) : null,
    counts,
    current: current === undefined ? null : toRunResponse(current),
    last: last === undefined ? null : toRunResponse(last),
  };
}

const toFinding = (finding: Finding): ReconciliationFinding => ({
  id: finding.id,
  part: finding.part,
  kind: finding.kind,
  subjectId: finding.subjectId,
  reference: finding.reference,
  details: { ...finding.details },
  state: finding.state === 'resolved' ? 'open' : finding.state,
  firstSeenAt: finding.firstSeenAt.toISOString(),
  lastSeenAt: finding.lastSeenAt.toISOString(),
  repairedAt: finding.repairedAt?.toISOString() ?? null,
});
