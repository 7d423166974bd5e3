import type { Jobs } from '@emporium/jobs';
import type { Queryable } from '@emporium/postgres';
import { z } from 'zod';

export const advanceOrder = 'advance-order';
export const compensateOrder = 'compensate-order';

/** Payload of both jobs. `attempt` counts the tries so far. */
export const orderJob = z.object({ orderId: z.uuid(), attempt: z.int().min(0) });

export const advanceKey = (orderId: string) => `${advanceOrder}:${orderId}`;
export const compensationKey = (orderId: string) => `${compensateOrder}:${orderId}`;

/** A job that only follows up on a request waits this long: the request usually does the work itself, within its patience. */
export const headStartMs = 3_000;

/** At most one such job waits for an order: adding it again moves it. */
export const addAdvance = (jobs: Jobs, db: Queryable, orderId: string, { delayMs }: { delayMs: number }) =>
  jobs.add(db, advanceOrder, { orderId, attempt: 0 }, { key: advanceKey(orderId), delayMs });

/** The next try, unless news that came during this one have brought it forward already. */
export const addAdvanceAgain = (jobs: Jobs, db: Queryable, { orderId, attempt }: z.infer<typeof orderJob>) =>
  jobs.add(
    db,
    advanceOrder,
    { orderId, attempt: attempt + 1 },
    { key: advanceKey(orderId), delayMs: retryDelayMs(attempt), keyMode: 'preserve_run_at' },
  );

export const addCompensation = (
  jobs: Jobs,
  db: Queryable,
  orderId: string,
  options: { delayMs?: number; attempt?: number } = {},
) =>
  jobs.add(
    db,
    compensateOrder,
    { orderId, attempt: options.attempt ?? 0 },
    { key: compensationKey(orderId), delayMs: options.delayMs ?? 0 },
  );

export const removeCompensation = (jobs: Jobs, db: Queryable, orderId: string) => jobs.remove(db, compensationKey(orderId));

/**
 * Three times 1 s, then 2 s, 4 s, 8 s, then every 10 s: a killed service is back in seconds, and an order ends within a minute of its
 * dependency being back after a longer outage, circuits included (BREAKER_RESET_MS, 2 s). A quarter more or less, so that orders which an outage stopped together do not come back together.
 */
export const retryDelayMs = (attempt: number): number =>
  Math.round(Math.min(1_000 * 2 ** Math.min(Math.max(attempt - 2, 0), 10), 10_000) * (0.75 + Math.random() / 2));
