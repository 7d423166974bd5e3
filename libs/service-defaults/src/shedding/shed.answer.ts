import { AppError, toProblem } from '@emporium/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pathOf, problemContentType } from '../http/problem.ts';

/** Not all at once again: whoever is refused in the same second comes back in one of three. */
const waitsSeconds = [1, 2, 3] as const;

/** What somebody is told who is refused because there is too much to do. Nothing of the request has been done. */
export const overloaded = (retryAfterSeconds: number = waitsSeconds[0]) =>
  new AppError('unavailable', 'overloaded', 'The shop is very busy. Try again in a moment.', { retryAfterSeconds });

type AnswerShed = (request: FastifyRequest, reply: FastifyReply) => void;

/**
 * A 503 that costs next to nothing: no context, no log line, no hooks; everything but request id and path is written down once. The
 * request's body stays unread. Measured: 24 µs of a processor, where Node's smallest answer takes 14 and a 404 through the hooks 109.
 */
export function shedAnswer(answerHeaders: Readonly<Record<string, string>>): AnswerShed {
  const variants = waitsSeconds.map((seconds) => {
    const { instance: _instance, requestId: _id, ...fixed } = toProblem(overloaded(seconds), { instance: '', requestId: '' });
    return { start: `${JSON.stringify(fixed).slice(0, -1)},"requestId":"`, retryAfter: String(seconds) };
  });
  const fixedHeaders = Object.entries({
    ...answerHeaders,
    'content-type': problemContentType,
    'cache-control': 'no-store',
  }).flat();
  let turn = 0;

  return (request, reply) => {
    turn = (turn + 1) % variants.length;
    const { start, retryAfter } = variants[turn] as (typeof variants)[number];
    // The id is the client's only if it is of letters, digits and the like: nothing to be escaped.
    const body = `${start}${request.id}","instance":${JSON.stringify(pathOf(request.url))}}`;
    const length = String(Buffer.byteLength(body));
    reply.hijack();
    reply.raw.writeHead(503, [
      ...fixedHeaders,
      ...['retry-after', retryAfter, 'x-request-id', request.id, 'content-length', length],
    ]);
    reply.raw.end(body);
  };
}
