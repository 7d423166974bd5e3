import { remainingMs } from '@emporium/telemetry';
import type pg from 'pg';
import { deadlinePassed } from './errors.ts';

/**
 * A connection for the request that asks, unless its time runs out before there is one: what nobody waits for must neither wait in line nor
 * begin. A connection that comes too late goes back to the pool. Raises AppError 'deadline-passed', or what `connect` raises.
 */
export function connectInTime(connect: () => Promise<pg.PoolClient>): Promise<pg.PoolClient> {
  const leftMs = remainingMs();
  if (leftMs === undefined) return connect();
  if (leftMs === 0) return Promise.reject(deadlinePassed());
  return new Promise((resolve, reject) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      reject(deadlinePassed());
    }, leftMs);
    connect().then(
      (client) => {
        clearTimeout(timer);
        if (isLate) client.release();
        else resolve(client);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}

/** How long each statement of a transaction that begins now may take, when its request has less time than the usual limit. */
export function statementLimitMs(usualMs: number): number | undefined {
  const leftMs = remainingMs();
  return leftMs === undefined || leftMs >= usualMs ? undefined : Math.max(1, Math.ceil(leftMs));
}
