import type { JobTasks } from '@emporium/service-defaults';
import { Injectable } from '@nestjs/common';
import { ReservationService } from './reservation.service.ts';
import { ReservationRetentionService } from './reservation-retention.service.ts';

@Injectable()
export class ReservationJobs implements JobTasks {
  /** Every minute: units of a reservation whose time is over are back on sale at most a minute late. */
  readonly crontab = ['* * * * * expire-reservations', '23 3 * * * purge-reservations ?max=3'].join('\n');

  readonly tasks = {
    'expire-reservations': async () => void (await this.reservations.expire()),
    'purge-reservations': async (_payload: unknown, { signal }: { signal: AbortSignal }) =>
      void (await this.retention.purge(signal)),
  };

  constructor(
    private readonly reservations: ReservationService,
    private readonly retention: ReservationRetentionService,
  ) {}
}
