import { type DeadLetterListResponse, deadLetterListResponse, pageQuery } from '@emporium/contracts';
import { AppError } from '@emporium/errors';
import type { RawRequest, RawResponse } from '@emporium/http-client';
import { deadLetterPage, LOGGER } from '@emporium/service-defaults';
import type { Logger } from '@emporium/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import { type UpstreamName, upstreamNames } from '../routing/routes.ts';
import { fitForClient } from '../routing/upstream.answer.ts';
import { Upstreams } from '../routing/upstreams.ts';
import { deadLettersUnavailable } from './dead-letter.errors.ts';

/** What a service said, if it said anything. */
interface Asked {
  readonly name: UpstreamName;
  readonly answer?: RawResponse;
}

/** Leaves time to put the answers together within the client's three seconds. */
const timeoutMs = 2_500;

/**
 * Dead letters of all services as one list. Each service keeps its own, next to what they are about; an id is unique across all of them.
 * While a service is away the list is shown without its items and says so: what the others gave up must be seen then, too.
 */
@Injectable()
export class DeadLetterService {
  constructor(
    private readonly upstreams: Upstreams,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Raises AppError 503 when no service answers. A refusal (4xx) is passed on as it is: all services give the same. */
  async list(request: RawRequest): Promise<RawResponse> {
    const asked = await Promise.all(
      upstreamNames.map((name) => this.ask(name, { ...request, idempotent: true, patient: false })),
    );
    const refusal = asked.find(isRefusal);
    if (refusal?.answer !== undefined) return refusal.answer;

    const pages = asked.map((each) => pageIn(each));
    const known = pages.filter((page) => page !== undefined);
    const unavailable = upstreamNames.filter((_, index) => pages[index] === undefined);
    if (known.length === 0) throw deadLettersUnavailable(unavailable);
    const page = deadLetterPage(
      known.map(({ items }) => items),
      { limit: limitOf(request.path), more: known.some(({ nextCursor }) => nextCursor !== null) },
    );
    return toAnswer({ ...page, ...(unavailable.length > 0 && { unavailable }) });
  }

  /**
   * Asks every service for its letter of this id; the first that knows it has the word. When none does, and one of them was away, it may be
   * there: then AppError 503, not the 404 of the others.
   */
  async requeue(request: RawRequest): Promise<RawResponse> {
    const asking = upstreamNames.map((name) => this.ask(name, request));
    const found = await firstOf(asking, (asked) => isRefusal(asked) || isDone(asked));
    if (found?.answer !== undefined) return found.answer;

    const asked = await Promise.all(asking);
    const notFound = asked.find(({ answer }) => answer?.status === 404)?.answer;
    const away = asked.filter(({ answer }) => answer?.status !== 404).map(({ name }) => name);
    if (notFound === undefined || away.length > 0) throw deadLettersUnavailable(away);
    return notFound;
  }

  private async ask(name: UpstreamName, request: RawRequest): Promise<Asked> {
    try {
      return { name, answer: fitForClient(name, await this.upstreams.client(name).request({ ...request, timeoutMs })) };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.logger.warn('a service was not asked for its dead letters', { upstream: name, error });
      return { name };
    }
  }
}

const isDone = ({ answer }: Asked): boolean => answer !== undefined && answer.status < 300;

/** 404 is none: the letter is with another service, or this one is too old to know the route. */
const isRefusal = ({ answer }: Asked): boolean =>
  answer !== undefined && answer.status >= 400 && answer.status < 500 && answer.status !== 404;

/** What a service has, undefined when it did not say. */
function pageIn(asked: Asked): DeadLetterListResponse | undefined {
  if (asked.answer === undefined || !isDone(asked)) return undefined;
  const read = deadLetterListResponse.safeParse(readJson(asked.answer.body));
  return read.success ? read.data : undefined;
}

/** The first that settles and pleases; undefined when none does. */
async function firstOf<T>(asking: readonly Promise<T>[], pleases: (value: T) => boolean): Promise<T | undefined> {
  const picky = asking.map(async (each) => {
    const value = await each;
    if (!pleases(value)) throw new Error('not this one');
    return value;
  });
  return Promise.any(picky).catch(() => undefined); // rejects when none pleases, which is what undefined says
}

/** As the services read it; they have refused what is no limit. */
const limitOf = (path: string): number =>
  pageQuery.pick({ limit: true }).parse(Object.fromEntries(new URL(path, 'http://gateway').searchParams)).limit;

const toAnswer = (body: DeadLetterListResponse): RawResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: Buffer.from(JSON.stringify(body)),
});

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined; // not JSON is not a page, which the caller says
  }
}
