import { z } from 'zod';
import { id, moment, pageOf } from './primitives.ts';

/** Work a service gave up on: an event it could not handle, or a job that failed for good. Kept until somebody sends it again. */
export const deadLetterResponse = z.object({
  id,
  /** The service that gave up. */
  service: z.string(),
  kind: z.enum(['event', 'job']),
  /** Of the event; `unreadable` when it was none. Of a job: its task. */
  type: z.string(),
  eventId: z.string().nullable(),
  /** What it is about: the key of the event or of the job. */
  subject: z.string().nullable(),
  attempts: z.int().min(0),
  /** One line, without stack, SQL or addresses. */
  error: z.string(),
  failedAt: moment,
  /** The event's own data: ids and amounts, never names or addresses. Null for a job and for what could not be read. */
  data: z.unknown(),
});

export type DeadLetterResponse = z.infer<typeof deadLetterResponse>;

/** GET /v1/admin/dead-letters, of one service or of all. `unavailable` names services that did not answer: their items are missing. */
export const deadLetterListResponse = pageOf(deadLetterResponse).extend({ unavailable: z.array(z.string()).optional() });

export type DeadLetterListResponse = z.infer<typeof deadLetterListResponse>;
