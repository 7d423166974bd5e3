import { AppError, fromProblem } from '@emporium/errors';
import { problemCodeOf, type RawResponse } from '@emporium/http-client';

/** Refusals of the gateway itself, by its service token. The client has no part in them and must not be signed out by them. */
const refusalsOfUs: ReadonlySet<unknown> = new Set(['service-token-required', 'invalid-service-token', 'caller-not-allowed']);

/** A service failed in a way it should not have; its own log says how. */
const upstreamFailed = (name: string) =>
  new AppError('unavailable', `${name}-unavailable`, 'A part of the shop did not answer as it should. Try again.', {
    retryAfterSeconds: 1,
  });

/** The answer, if a client may see it as it is. Raises AppError for one that tells of faults between services, or is no problem+json. */
export function fitForClient(name: string, answer: RawResponse): RawResponse {
  const { status, headers, body } = answer;
  if (status < 400) return answer;
  if (status >= 500 && status !== 503 && status !== 504) throw upstreamFailed(name);

  const isProblem = String(headers['content-type'] ?? '').startsWith('application/problem+json');
  if (!isProblem) throw status >= 500 ? upstreamFailed(name) : fromProblem(status, undefined);
  if ((status === 401 || status === 403) && refusalsOfUs.has(problemCodeOf(answer))) throw upstreamFailed(name);
  if (status >= 500 && headers['retry-after'] === undefined) return { status, body, headers: { ...headers, 'retry-after': '1' } };
  return answer;
}
