import type { Costs, Mix } from './costs.ts';

/** For specs: round numbers that nobody measured. */
export const inventedCosts: Costs = {
  machine: 'no machine',
  commit: '0000000',
  measuredAt: '2026-01-01',
  routes: {
    browse: {
      cpuMs: { gateway: 0.2, user: 0, product: 0.1, order: 0, payment: 0, postgres: 0.05, redis: 0.02 },
      connectionMs: { product: 0.5 },
      bytesOut: 2_000,
    },
    purchase: {
      cpuMs: { gateway: 0.4, user: 0, product: 1, order: 2, payment: 1, postgres: 2, redis: 0.1 },
      connectionMs: { product: 3, order: 6, payment: 4 },
      bytesOut: 1_000,
    },
  },
  memoryMiB: { gateway: 150, user: 100, product: 140, order: 140, payment: 120 },
  bytesPerOrder: 4_000,
};

export const inventedMix: Mix = { browse: 0.9, purchase: 0.1 };
