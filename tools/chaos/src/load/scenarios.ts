import type { People } from '../people/people.ts';
import type { Random } from '../schedule/random.ts';
import type { Shop } from '../shop/shop.ts';
import { accountScenarios } from './account.scenarios.ts';
import { browseScenarios } from './browse.scenarios.ts';
import { probeScenarios } from './probe.scenarios.ts';
import { purchaseScenarios } from './purchase.scenarios.ts';

export interface Scene {
  readonly shop: Shop;
  readonly people: People;
  readonly random: Random;
  /** Products with more units than anybody will buy. */
  readonly products: readonly string[];
  /** Products to look at. */
  readonly catalogue: readonly string[];
}

/** What one visitor does. */
export interface Scenario {
  readonly name: string;
  /** How often it comes, beside the others. */
  readonly weight: number;
  run(scene: Scene): Promise<void>;
}

/** Weights by name. */
export type Mix = Readonly<Record<string, number>>;

/** A working day of a shop with many buyers: a third of the visitors buy. */
export const scenarios: readonly Scenario[] = [...browseScenarios, ...purchaseScenarios, ...accountScenarios, ...probeScenarios];

/** A mix of these alone, in their usual shares. */
export function only(...names: readonly string[]): Mix {
  for (const name of names)
    if (!scenarios.some((scenario) => scenario.name === name)) throw new Error(`No scenario is called ${name}.`);
  return Object.fromEntries(scenarios.map(({ name, weight }) => [name, names.includes(name) ? weight : 0]));
}
