import type { People } from '../people/people.ts';
import { pause } from '../schedule/pause.ts';
import { Random } from '../schedule/random.ts';
import type { Shop } from '../shop/shop.ts';
import type { Goods } from '../world/goods.ts';
import { type Mix, type Scenario, scenarios } from './scenarios.ts';

export interface LoadParts {
  readonly shop: Shop;
  readonly people: People;
  readonly goods: Goods;
}

export interface LoadOptions {
  /** Scenarios begun in a second; each is one to four calls. */
  readonly rate: number;
  /** How often each kind comes, instead of the usual shares; 0 leaves it out. */
  readonly mix?: Mix;
}

const PRODUCTS = 20;
const UNITS = 1_000_000;
/** More at once than this and the suite itself would be what is measured. */
const MOST_AT_ONCE = 3_000;

/** Customers who come whether or not the earlier ones were served: an open loop, so a platform that stalls meets a crowd. */
export class Load {
  readonly #running = new Set<Promise<void>>();
  #stopping: AbortController | undefined;
  #arrivals: Promise<void> | undefined;
  #products: readonly string[] = [];
  #catalogue: readonly string[] = [];
  #random = new Random('load');

  constructor(private readonly parts: LoadParts) {}

  /** Puts on sale what the crowd will buy. */
  async open(): Promise<void> {
    this.#products = await Promise.all(Array.from({ length: PRODUCTS }, () => this.parts.goods.add(UNITS)));
    this.#catalogue = await this.parts.goods.catalogue();
  }

  /** Products with more units than anybody will buy. */
  get products(): readonly string[] {
    return this.#products;
  }

  /** Who comes when is drawn from here from now on: each experiment has a schedule of its own, whatever ran before it. */
  reseed(random: Random): void {
    this.#random = random;
  }

  /** Starts the arrivals; does nothing while they go on. */
  start({ rate, mix = {} }: LoadOptions): void {
    if (this.#stopping !== undefined) return;
    const stopping = new AbortController();
    this.#stopping = stopping;
    const chosen = scenarios.map((scenario) => ({ ...scenario, weight: mix[scenario.name] ?? scenario.weight }));
    this.#arrivals = this.arrive(chosen, rate, stopping.signal);
  }

  /** Ends the arrivals and waits for those who are inside; they repeat what was not answered until it is. */
  async stop(): Promise<void> {
    this.#stopping?.abort();
    await this.#arrivals;
    this.#stopping = undefined;
    await Promise.all(this.#running);
  }

  private async arrive(chosen: readonly Scenario[], rate: number, signal: AbortSignal): Promise<void> {
    const random = this.#random;
    let next = performance.now();
    while (!signal.aborted) {
      next += random.exponential(1_000 / rate);
      const wait = next - performance.now();
      // Late arrivals come at once, in a crowd, as the schedule wants it; but a timer takes a millisecond.
      if (wait > 1) await pause(wait, signal).catch(() => undefined); // rejects only when it is over
      if (signal.aborted) return;
      this.begin(random.pickWeighted(chosen));
    }
  }

  private begin(scenario: Scenario): void {
    if (this.#running.size >= MOST_AT_ONCE) return;
    const { shop, people } = this.parts;
    const random = this.#random;
    const run = scenario
      .run({ shop, people, random: random.fork(random.next()), products: this.#products, catalogue: this.#catalogue })
      .catch((error: unknown) => {
        shop.recorder.chapter.breaches.push({
          rule: 'experiment',
          text: `the driver's ${scenario.name} failed: ${String(error)}`,
        });
      })
      .finally(() => this.#running.delete(run));
    this.#running.add(run);
  }
}
