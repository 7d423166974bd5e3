import { Jobs } from '@emporium/jobs';
import { Postgres, type Transaction } from '@emporium/postgres';
import { LOGGER } from '@emporium/service-defaults';
import type { Logger } from '@emporium/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import { addAdvance, addCompensation } from '../checkout/checkout.jobs.ts';
import type { Repair } from './disagreement.ts';
import { FindingRepository, type Judged } from './finding.repository.ts';
import { type Finding, judge, type Seen } from './finding.ts';
import type { Part } from './run.ts';

/** A disagreement as a look saw it, with what is being done about it. */
export type Observation = Seen & { readonly repaired: boolean; readonly busy: boolean; readonly repair?: Repair };

/** What one look covered: a finding of another part or subject is left as it is. */
export interface Look {
  readonly runId: string;
  readonly parts: readonly Part[];
  readonly subjectIds: readonly string[];
}

const levels = { open: 'error', repaired: 'warn', waiting: 'info' } as const;

/** Keeps the findings: new ones are written down and repaired once, those that a look does not see any more are resolved. */
@Injectable()
export class FindingService {
  constructor(
    private readonly postgres: Postgres,
    private readonly findings: FindingRepository,
    private readonly jobs: Jobs,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async take({ runId, parts, subjectIds }: Look, observed: readonly Observation[]): Promise<void> {
    if (subjectIds.length === 0) return;
    if (observed.length === 0) {
      this.tellResolved(await this.findings.resolve(this.postgres, parts, subjectIds, []));
      return;
    }
    const { judged, resolved } = await this.postgres.transaction(async (tx) => {
      const known = await this.known(tx, observed);
      const judged = observed.map((each) => judgedOf(each, known.get(keyOf(each))));
      await this.findings.record(
        tx,
        runId,
        judged.map(({ finding }) => finding),
      );
      for (const { finding, repair } of judged) if (repair !== undefined) await this.repair(tx, finding.subjectId, repair);
      return { judged, resolved: await this.findings.resolve(tx, parts, subjectIds, observed) };
    });
    for (const { finding, was } of judged) if (was !== finding.state) this.tell(finding);
    this.tellResolved(resolved);
  }

  private async known(tx: Transaction, observed: readonly Observation[]): Promise<Map<string, Finding>> {
    const found = await this.findings.unresolvedOf(tx, [...new Set(observed.map(({ subjectId }) => subjectId))]);
    return new Map(found.map((finding) => [keyOf(finding), finding]));
  }

  private repair(tx: Transaction, orderId: string, repair: Repair): Promise<void> {
    return repair === 'advance'
      ? addAdvance(this.jobs, tx, orderId, { delayMs: 0 })
      : addCompensation(this.jobs, tx, orderId, { delayMs: 0 });
  }

  private tell({ state, kind, part, subjectId, reference, details }: Judged): void {
    this.logger.log(levels[state], 'the books disagree', { state, kind, part, subjectId, reference, details });
  }

  private tellResolved(resolved: readonly Finding[]): void {
    for (const { kind, part, subjectId, reference } of resolved) {
      this.logger.info('the books agree again', { kind, part, subjectId, reference });
    }
  }
}

function judgedOf({ repaired, busy, repair, ...seen }: Observation, known: Finding | undefined) {
  const verdict = judge({ repaired, busy, repairable: repair !== undefined }, known, new Date());
  return { finding: { ...seen, state: verdict.state }, was: known?.state, repair: verdict.repair ? repair : undefined };
}

const keyOf = ({ subjectId, kind, reference }: Pick<Seen, 'subjectId' | 'kind' | 'reference'>): string =>
  `${subjectId} ${kind} ${reference}`;
