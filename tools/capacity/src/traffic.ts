import type { Costs, Mix } from './costs.ts';
import { bytesPerRequest, missingBytes } from './demand.ts';
import type { Load } from './pods.ts';
import type { Assumptions } from './prices.ts';

/** Decimal gigabytes. Undefined is what was not measured. */
export interface Traffic {
  readonly bytesPerRequest: number | undefined;
  readonly peakMbit: number | undefined;
  readonly monthGB: number | undefined;
  readonly ordersPerMonth: number;
  readonly storedGB: number | undefined;
}

/** The route by which orders come. */
export const PURCHASE = 'purchase';

export function trafficOf(costs: Costs, mix: Mix, load: Load, assumptions: Assumptions): Traffic {
  const seconds = assumptions.hoursPerMonth.value * 3_600;
  const bytes = missingBytes(costs, mix).length === 0 ? bytesPerRequest(costs, mix) : undefined;
  const { bytesPerOrder, ordersPerRequest = mix[PURCHASE] ?? 0 } = costs;
  const ordersPerMonth = load.average * ordersPerRequest * seconds;
  return {
    bytesPerRequest: bytes,
    peakMbit: bytes === undefined ? undefined : (bytes * load.peak * 8) / 1e6,
    monthGB: bytes === undefined ? undefined : (bytes * load.average * seconds) / 1e9,
    ordersPerMonth,
    storedGB:
      bytesPerOrder === undefined ? undefined : (bytesPerOrder * ordersPerMonth * assumptions.keepOrdersMonths.value) / 1e9,
  };
}
