import { gauge, histogram } from '@emporium/telemetry';
import type pg from 'pg';

const connections = gauge('emporium_postgres_pool_connections', 'Connections of a pool, by state.', ['pool', 'state']);
const waiting = gauge('emporium_postgres_pool_waiting', 'Callers waiting for a connection.', ['pool']);
const duration = histogram(
  'emporium_postgres_query_duration_seconds',
  'Time of one statement on the server and the wire, without the wait for a connection.',
  ['pool', 'outcome'],
  [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3],
);

const reachable = gauge('emporium_postgres_reachable', 'Whether callers of a pool are let through to the database.', ['pool']);

export function reportReachable(name: string, is: boolean): void {
  reachable.set({ pool: name }, is ? 1 : 0);
}

export function countPool(name: string, pool: pg.Pool): void {
  connections.set({ pool: name, state: 'idle' }, pool.idleCount);
  connections.set({ pool: name, state: 'busy' }, pool.totalCount - pool.idleCount);
  waiting.set({ pool: name }, pool.waitingCount);
}

export function observeQuery(name: string, outcome: 'ok' | 'error', seconds: number): void {
  duration.observe({ pool: name, outcome }, seconds);
}
