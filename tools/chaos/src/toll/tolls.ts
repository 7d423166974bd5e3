import type { ServiceName } from '../world/links.ts';
import type { WorldOptions } from '../world/world-options.ts';
import { Toll } from './toll.ts';

interface Way {
  readonly from: ServiceName;
  /** The variable in which the service finds the address. */
  readonly variable: string;
}

/** Tolls on some of the ways of one platform. */
export class Tolls {
  readonly #open = new Map<string, Toll>();

  /** Of the platform that the tolls stand in. */
  readonly options: WorldOptions;

  constructor(ways: readonly Way[], env: NodeJS.ProcessEnv = {}) {
    this.options = {
      env,
      adjust: async (spec) => {
        const adjusted = { ...spec.env };
        for (const { from, variable } of ways.filter((way) => way.from === spec.name)) {
          const toll = await Toll.before(spec.env[variable] ?? '');
          this.#open.set(`${from} ${variable}`, toll);
          adjusted[variable] = toll.url;
        }
        return { ...spec, env: adjusted };
      },
      furnish: async () => ({ close: () => this.close() }),
    };
  }

  on(from: ServiceName, variable: string): Toll {
    const toll = this.#open.get(`${from} ${variable}`);
    if (toll === undefined) throw new Error(`No toll stands between ${from} and its ${variable}.`);
    return toll;
  }

  private async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map((toll) => toll.close()));
    this.#open.clear();
  }
}
