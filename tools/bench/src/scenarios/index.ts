import { baselineScenarios } from './baseline.scenarios.ts';
import type { Scenario } from './scenario.ts';
import { shopScenarios } from './shop.scenarios.ts';

/** All there are, the shop's first. */
export const scenarios: readonly Scenario[] = [...shopScenarios, ...baselineScenarios];
