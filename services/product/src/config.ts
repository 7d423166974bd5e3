import { type ConfigOf, defineConfig, env } from '@emporium/config';
import { databaseConfig, platformConfig, redisConfig, replicaConfig } from '@emporium/service-defaults';

const day = 86_400_000;
const tenYears = 3_650 * day;

const spec = {
  ...platformConfig({ port: 3003, managementPort: 9003 }),
  ...databaseConfig(),
  ...replicaConfig(),
  ...redisConfig(),
  /** How long units stay put aside for an order that nobody finishes; far longer than an order may be pending. */
  reservationTtlMs: env.duration('RESERVATION_TTL_MS', { default: 900_000, min: 1_000 }),
  /** Released, returned and refused: longer than any job of the order service still asks (four days of retries). */
  overReservationsKeptMs: env.duration('OVER_RESERVATIONS_KEPT_MS', { default: 7 * day, min: day, max: tenYears }),
  /** Sold: for so long the units can be returned. */
  committedReservationsKeptMs: env.duration('COMMITTED_RESERVATIONS_KEPT_MS', { default: 90 * day, min: day, max: tenYears }),
  /** Ends what an invalidation missed, for example because a process died between commit and invalidation. */
  cacheTtlMs: env.duration('PRODUCT_CACHE_TTL_MS', { default: 15_000, min: 1 }),
  /** How old a list may be: units and prices in it, when the change did not come from an administrator. */
  listTtlMs: env.duration('PRODUCT_LIST_TTL_MS', { default: 1_000, min: 1, max: 60_000 }),
  /** How old may be what is shown, with its age, while the database is away or slow. */
  staleMs: env.duration('PRODUCT_STALE_MS', { default: 3_600_000, min: 1, max: day }),
  /** The one currency of the catalogue: the sum of an order and the order by price need it to be one. */
  currency: env.string('CATALOG_CURRENCY', { default: 'EUR' }),
};

export type ProductConfig = ConfigOf<typeof spec>;

/** The only file of this service that knows environment variable names. */
export const loadConfig = defineConfig(spec);
