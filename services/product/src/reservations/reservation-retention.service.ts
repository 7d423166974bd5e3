import { Postgres } from '@emporium/postgres';
import { CONFIG } from '@emporium/service-defaults';
import { Inject, Injectable } from '@nestjs/common';
import type { ProductConfig } from '../config.ts';
import { reservationMetrics } from './reservation.metrics.ts';
import { ReservationRepository } from './reservation.repository.ts';

/** Rows of one statement: some milliseconds, so that nobody waits for them. */
const batch = 500;

/** Forgets reservations that nobody asks for any more. The books stay as they are. Running it twice is harmless. */
@Injectable()
export class ReservationRetentionService {
  constructor(
    private readonly postgres: Postgres,
    private readonly reservations: ReservationRepository,
    @Inject(CONFIG) private readonly settings: Pick<ProductConfig, 'overReservationsKeptMs' | 'committedReservationsKeptMs'>,
  ) {}

  /** Returns how many were forgotten; stops between two steps when told to. */
  async purge(signal?: AbortSignal): Promise<number> {
    const { overReservationsKeptMs, committedReservationsKeptMs } = this.settings;
    const over = await this.inBatches(signal, () => this.reservations.purgeOver(this.postgres, overReservationsKeptMs, batch));
    const sold = await this.inBatches(signal, () =>
      this.reservations.purgeCommitted(this.postgres, committedReservationsKeptMs, batch),
    );
    return over + sold;
  }

  private async inBatches(signal: AbortSignal | undefined, purge: () => Promise<number>): Promise<number> {
    for (let total = 0; ; ) {
      const purged = await purge();
      reservationMetrics.purged(purged);
      total += purged;
      if (purged < batch || signal?.aborted) return total;
    }
  }
}
