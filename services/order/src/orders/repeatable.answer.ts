import { type Answer, answer } from '@emporium/service-defaults';

/** The answer of a request with an Idempotency-Key; one that was given before says so. */
export const repeatable = (
  told: { status: number; body: unknown; replayed: boolean },
  headers: Record<string, string> = {},
): Answer => answer(told.status, told.body, told.replayed ? { ...headers, 'idempotency-replayed': 'true' } : headers);
