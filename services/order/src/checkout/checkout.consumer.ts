import { paymentSettled } from '@emporium/contracts/payment';
import { on } from '@emporium/events';
import { Jobs } from '@emporium/jobs';
import type { EventHandlers } from '@emporium/service-defaults';
import { Injectable } from '@nestjs/common';
import { addAdvance } from './checkout.jobs.ts';

/** The request that placed the order usually finishes it within this time; only then is the job worth its while. */
const headStartMs = 1_000;

@Injectable()
export class CheckoutConsumer implements EventHandlers {
  constructor(private readonly jobs: Jobs) {}

  readonly handlers = [on(paymentSettled, (tx, event) => addAdvance(this.jobs, tx, event.orderId, { delayMs: headStartMs }))];
}
