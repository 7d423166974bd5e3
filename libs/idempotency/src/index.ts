export type { StoredAnswer } from './attempts.ts';
export { fingerprint } from './fingerprint.ts';
export { inProgress, keyReused } from './idempotency.errors.ts';
export { type ClaimOptions, type Finding, Idempotency, type Started } from './idempotency.ts';
export { idempotencyMigrations } from './migrations.ts';
