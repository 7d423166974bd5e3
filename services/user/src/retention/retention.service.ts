import { Postgres, type Transaction } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import { RevocationService } from '../sessions/revocation.service.ts';
import { SessionService } from '../sessions/session.service.ts';
import { SignInService } from '../sign-ins/sign-in.service.ts';
import { RetentionSettings } from './retention-settings.ts';

/** Three times as long as anybody asks for them. */
const revocationsMs = 60 * 60_000;

/** Rows of one transaction: short enough that nobody waits for it. */
const batch = 1_000;

/** Deletes what nobody may or need know any longer. Running it twice is harmless. */
@Injectable()
export class RetentionService {
  constructor(
    private readonly postgres: Postgres,
    private readonly sessions: SessionService,
    private readonly revocations: RevocationService,
    private readonly signIns: SignInService,
    private readonly settings: RetentionSettings,
  ) {}

  readonly tasks = {
    'purge-expired': async (_payload: unknown, { signal }: { signal: AbortSignal }) => {
      await this.purge(new Date(), signal);
    },
  };

  readonly crontab = '7 * * * * purge-expired ?max=3';

  /** Number of rows deleted. */
  async purge(now: Date, signal?: AbortSignal): Promise<number> {
    const ago = (ms: number) => new Date(now.getTime() - ms);
    const before = { attempts: ago(this.settings.attemptsMs), signIns: ago(this.settings.signInsMs) };
    const sessionsBefore = { tokens: now, sessions: ago(this.settings.endedSessionsMs) };
    return (
      (await this.inBatches(signal, (tx) => this.sessions.purge(tx, sessionsBefore, batch))) +
      (await this.inBatches(signal, (tx) => this.revocations.purge(tx, ago(revocationsMs), batch))) +
      (await this.inBatches(signal, (tx) => this.signIns.purge(tx, before, batch)))
    );
  }

  private async inBatches(signal: AbortSignal | undefined, work: (tx: Transaction) => Promise<number>): Promise<number> {
    let total = 0;
    for (;;) {
      const deleted = await this.postgres.transaction(work);
      total += deleted;
      if (deleted === 0 || signal?.aborted) return total;
    }
  }
}
