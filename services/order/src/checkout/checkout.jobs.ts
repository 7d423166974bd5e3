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
export const addAdvance = (jobs: Jobs, db: Queryable, orderId: string, options: { delayMs: number; attempt?: number }) =>
  jobs.add(db, advanceOrder, { orderId, attempt: options.attempt ?? 0 }, { key: advanceKey(orderId), delayMs: options.delayMs });

export const removeAdvance = (jobs: Jobs, db: Queryable, orderId: string) => jobs.remove(db, advanceKey(orderId));

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
 * 1 s, 2 s, 4 s, 8 s, then every 10 s: an order ends within a minute of its dependency being back, circuits included (BREAKER_RESET_MS, 5 s).
 * A quarter more or less, so that orders which an outage stopped together do not come back together.
 */
export const retryDelayMs = (attempt: number): number =>
  Math.round(Math.min(1_000 * 2 ** Math.min(attempt, 10), 10_000) * (0.75 + Math.random() / 2));
