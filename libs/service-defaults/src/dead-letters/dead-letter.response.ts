import type { DeadLetterResponse } from '@emporium/contracts';
import type { DeadLetter } from '@emporium/events';
import type { GivenUpJob } from '@emporium/jobs';

export function eventResponse(service: string, letter: DeadLetter): DeadLetterResponse {
  const envelope = 'unreadable' in letter.envelope ? undefined : letter.envelope;
  return {
    id: letter.id,
    service,
    kind: 'event',
    type: letter.type,
    eventId: envelope?.id ?? null,
    subject: envelope?.key ?? null,
    attempts: letter.tries,
    error: letter.error,
    failedAt: letter.parkedAt.toISOString(),
    data: envelope?.data ?? null,
  };
}

export const jobResponse = (service: string, job: GivenUpJob): DeadLetterResponse => ({
  id: job.id,
  service,
  kind: 'job',
  type: job.task,
  eventId: null,
  subject: job.key,
  attempts: job.attempts,
  error: job.error ?? 'Every run ended with its process.',
  failedAt: job.failedAt.toISOString(),
  data: null,
});
