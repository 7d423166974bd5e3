import type { JobTasks } from '@emporium/service-defaults';
import { Injectable } from '@nestjs/common';
import { ReservationService } from './reservation.service.ts';

@Injectable()
export class ReservationJobs implements JobTasks {
  /** Every minute: units of a reservation whose time is over are back on sale at most a minute late. */
  readonly crontab = '* * * * * expire-reservations';

  readonly tasks = { 'expire-reservations': async () => void (await this.reservations.expire()) };

  constructor(private readonly reservations: ReservationService) {}
}
