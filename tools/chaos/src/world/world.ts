import type { Platform } from '@emporium/local';
import type { Load } from '../load/load.ts';
import type { People } from '../people/people.ts';
import { until } from '../schedule/pause.ts';
import type { Recorder } from '../shop/recorder.ts';
import type { Shop } from '../shop/shop.ts';
import type { Books } from './books.ts';
import type { Goods } from './goods.ts';
import type { LinkTable } from './links.ts';
import type { Processes } from './processes.ts';
import type { Witness } from './witness.ts';

interface Parts {
  readonly platform: Platform;
  /** The payment provider, out of the platform's reach. */
  readonly witness: Witness;
  /** What lies between two processes: cut it, hang it, slow it. */
  readonly links: LinkTable;
  readonly processes: Processes;
  /** The front door; every call through it is judged and recorded. */
  readonly shop: Shop;
  readonly people: People;
  readonly goods: Goods;
  /** The databases, behind the platform's back. */
  readonly books: Books;
  /** Mixed traffic in the background. */
  readonly load: Load;
}

const READY_PATIENCE_MS = 60_000;

/** A platform with everything an experiment needs to use it, hurt it and look into it. Made by `openWorld`. */
export class World implements Parts {
  readonly platform: Platform;
  readonly witness: Witness;
  readonly links: LinkTable;
  readonly processes: Processes;
  readonly shop: Shop;
  readonly people: People;
  readonly goods: Goods;
  readonly books: Books;
  readonly load: Load;

  constructor(
    parts: Parts,
    readonly close: () => Promise<void>,
  ) {
    this.platform = parts.platform;
    this.witness = parts.witness;
    this.links = parts.links;
    this.processes = parts.processes;
    this.shop = parts.shop;
    this.people = parts.people;
    this.goods = parts.goods;
    this.books = parts.books;
    this.load = parts.load;
  }

  get recorder(): Recorder {
    return this.shop.recorder;
  }

  /** Ends every fault there is and waits until a purchase can be made. Returns how long that took. */
  async heal(signal?: AbortSignal): Promise<number> {
    this.links.heal();
    this.witness.calm();
    this.processes.heal();
    const tookMs = await until(() => this.isReady(), { patienceMs: READY_PATIENCE_MS, signal });
    if (tookMs === undefined) throw new Error(`The platform is not ready ${READY_PATIENCE_MS / 1_000} s after it was healed.`);
    return tookMs;
  }

  /** Whether the gateway says that a purchase can be made. */
  async isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.shop.url}/ready`, { signal: AbortSignal.timeout(2_000) })).status === 200;
    } catch {
      return false; // not yet
    }
  }
}
