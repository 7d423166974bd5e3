import { counter, gauge, histogram } from '@emporium/telemetry';
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

const replicaUsed = gauge('emporium_postgres_replica_used', 'Whether reads that may be old go to the replica.', ['pool']);
const replicaLag = gauge('emporium_postgres_replica_lag_seconds', 'How old the data of the replica are at most.', ['pool']);
const replicaReads = counter('emporium_postgres_replica_reads_total', 'Reads that may be old, by who answered.', ['pool', 'by']);

export function reportReplica(name: string, isUsed: boolean): void {
  replicaUsed.set({ pool: name }, isUsed ? 1 : 0);
}

export function reportLag(name: string, seconds: number): void {
  replicaLag.set({ pool: name }, seconds);
}

export function countReplicaRead(name: string, by: 'replica' | 'primary'): void {
  replicaReads.inc({ pool: name, by });
}

export function countPool(name: string, pool: pg.Pool): void {
  connections.set({ pool: name, state: 'idle' }, pool.idleCount);
  connections.set({ pool: name, state: 'busy' }, pool.totalCount - pool.idleCount);
  waiting.set({ pool: name }, pool.waitingCount);
}

export function observeQuery(name: string, outcome: 'ok' | 'error', seconds: number): void {
  duration.observe({ pool: name, outcome }, seconds);
}
