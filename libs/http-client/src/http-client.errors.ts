import { AppError, fromProblem } from '@emporium/errors';
import { BulkheadIsFull, CallFailure, CircuitIsOpen } from './call-failure.ts';
import type { RawResponse } from './options.ts';

export const upstreamTimeout = (name: string, cause?: unknown) =>
  new AppError('timeout', `${name}-timeout`, `The ${name} service did not answer in time.`, { cause, retryAfterSeconds: 1 });

export const upstreamUnavailable = (name: string, retryAfterSeconds: number, cause?: unknown) =>
  new AppError('unavailable', `${name}-unavailable`, `The ${name} service is not available.`, { cause, retryAfterSeconds });

const upstreamBusy = (name: string, cause: unknown) =>
  new AppError('unavailable', `${name}-busy`, `Too many calls to the ${name} service at once.`, { cause, retryAfterSeconds: 1 });

export const badAnswer = (name: string, cause: unknown) =>
  new AppError('unavailable', `${name}-bad-answer`, `The ${name} service gave an answer that makes no sense.`, { cause });

/** Refusing our service token is a fault between services; it must not sign the customer out or tell them that they may not. */
const upstreamRefused = (name: string, status: number) =>
  new AppError('unavailable', `${name}-refused`, `The ${name} service refused the call of this service (${status}).`);

/** What a caller sees of a call without an answer. A bug stays what it is. */
export function fromFailure(name: string, error: unknown): unknown {
  if (error instanceof CircuitIsOpen) return upstreamUnavailable(name, error.retryAfterSeconds, error);
  if (error instanceof BulkheadIsFull) return upstreamBusy(name, error);
  if (!(error instanceof CallFailure)) return error;

  switch (error.reason) {
    case 'timeout':
      return upstreamTimeout(name, error);
    case 'no-answer':
      return upstreamUnavailable(name, 1, error);
    case 'too-large':
      return badAnswer(name, error);
    case 'cancelled':
    case 'not-sent':
      return error.cause ?? error;
  }
}

/** What a caller of a typed method sees of an answer that is not 2xx. */
export function fromAnswer(name: string, response: RawResponse): Error {
  const { status } = response;
  if (status === 504) return upstreamTimeout(name, answerCause(response));
  if (status >= 500) return upstreamUnavailable(name, retryAfterSeconds(response) ?? 1, answerCause(response));
  if (status === 401 || status === 403) return upstreamRefused(name, status);
  if (status >= 400) return fromProblem(status, parseOrUndefined(response.body));
  return badAnswer(name, new Error(`unexpected status ${status}`));
}

/** The code of the problem that an answer tells; undefined when it tells none. */
export const problemCodeOf = ({ body }: Pick<RawResponse, 'body'>): unknown =>
  (parseOrUndefined(body) as { code?: unknown } | null | undefined)?.code;

/** Only the form in seconds: no service here sends the other one. */
export function retryAfterSeconds(response: RawResponse): number | undefined {
  const value = response.headers['retry-after'];
  return typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : undefined;
}

const answerCause = ({ status, body }: RawResponse) =>
  new Error(`upstream answered ${status}: ${body.subarray(0, 500).toString('utf8')}`);

function parseOrUndefined(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
