import type { DeadLetterResponse, Page, PageQuery } from '@emporium/contracts';
import type { DeadLetters } from '@emporium/events';
import type { GivenUpJobs } from '@emporium/jobs';
import type { Postgres } from '@emporium/postgres';
import type { Logger } from '@emporium/telemetry';
import { deadLetterMetrics } from './dead-letter.metrics.ts';
import { deadLetterPage, fromCursor } from './dead-letter.page.ts';
import { eventResponse, jobResponse } from './dead-letter.response.ts';

interface DeadLetterOptions {
  service: string;
  postgres: Postgres;
  /** Undefined in a service without events. */
  letters: DeadLetters | undefined;
  jobs: GivenUpJobs;
  logger: Logger;
}

/** What this service gave up on: events its group could not handle, and jobs that failed for good. */
export class DeadLetterService {
  constructor(private readonly options: DeadLetterOptions) {}

  async list({ limit, cursor }: PageQuery): Promise<Page<DeadLetterResponse>> {
    const { service, postgres, letters, jobs } = this.options;
    const page = { limit: limit + 1, after: fromCursor(cursor) };
    const [events, givenUp] = await Promise.all([letters?.list(postgres, page) ?? [], jobs.list(postgres, page)]);
    return deadLetterPage(
      [events.map((each) => eventResponse(service, each)), givenUp.map((each) => jobResponse(service, each))],
      {
        limit,
      },
    );
  }

  /** Sends it again, once, whoever else asks; returns what it was. Raises AppError 404, and 422 for what holds no event. */
  async requeue(id: string): Promise<DeadLetterResponse> {
    const { service, postgres, letters, jobs, logger } = this.options;
    const sent = await postgres.transaction(async (tx) =>
      letters === undefined || jobs.owns(id)
        ? jobResponse(service, await jobs.runAgain(tx, id))
        : eventResponse(service, await letters.requeue(tx, id)),
    );
    deadLetterMetrics.requeued(sent.kind);
    logger.info('a dead letter is sent again', { deadLetterId: id, kind: sent.kind, type: sent.type, eventId: sent.eventId });
    return sent;
  }

  /** Looks how many there are, for the gauge. */
  async count(): Promise<void> {
    const { postgres, letters, jobs } = this.options;
    if (letters !== undefined) deadLetterMetrics.waiting('event', await letters.count(postgres));
    deadLetterMetrics.waiting('job', await jobs.count(postgres));
  }
}
