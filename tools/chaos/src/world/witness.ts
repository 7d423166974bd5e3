import { createSimulator, type Simulator } from '@emporium/stripe-simulator';
import type { ChargeFact } from '../invariants/evidence.ts';

type Faults = Simulator['faults'];

/**
 * The payment provider, in the suite's own process: nothing that is done to the platform reaches it, so its books say what really
 * happened to the money.
 */
export class Witness {
  readonly simulator: Simulator = createSimulator({ webhooks: { secret: 'whsec_development' } });
  url = '';

  async open(): Promise<void> {
    this.url = await this.simulator.listen(0);
  }

  /** What happens to the next calls, before any standing behaviour. */
  script(...faults: Parameters<Faults['add']>[0]): void {
    this.simulator.faults.add(faults);
  }

  /** Standing behaviour, until `calm`. */
  behave(settings: Parameters<Faults['change']>[0]): void {
    this.simulator.faults.change(settings);
  }

  /** How events travel from now on, until `calm`. */
  sendWebhooks(settings: Parameters<Simulator['webhooks']['change']>[0]): void {
    this.simulator.webhooks.change(settings);
  }

  /** Behaves as a provider should; held events are sent. Books and keys stay. */
  calm(): void {
    this.simulator.faults.reset();
    this.simulator.webhooks.calm();
  }

  /** Events and deliveries so far: of some use for a while, and megabytes after an hour. */
  forgetEvents(): void {
    this.simulator.webhooks.events.length = 0;
    this.simulator.webhooks.deliveries.length = 0;
  }

  /** Captured charges, of one order or of all. */
  charges(orderId?: string): ChargeFact[] {
    return this.simulator.books
      .statement(orderId)
      .charges.map(({ id, orderId: order, amount, refunded }) => ({ id, orderId: order, amount, refunded }));
  }

  close(): Promise<void> {
    return this.simulator.close();
  }
}
