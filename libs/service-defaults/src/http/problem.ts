import { STATUS_CODES } from 'node:http';
import { AppError, kindOfStatus, toProblem } from '@emporium/errors';
import type { Logger } from '@emporium/telemetry';
import { HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { bodyTooLarge, malformedUrl, unsupportedContentType } from './request.errors.ts';

/** Answers a request with whatever went wrong. The only place that does, and the only one that logs it. */
export type AnswerProblem = (error: unknown, request: FastifyRequest, reply: FastifyReply) => void;

export const problemContentType = 'application/problem+json; charset=utf-8';

export const answerProblem =
  (logger: Logger, bodyLimit: number): AnswerProblem =>
  (error, request, reply) => {
    const foreseen = toAppError(error, bodyLimit);
    const problem = toProblem(foreseen ?? error, { instance: pathOf(request.url), requestId: request.id });
    if (foreseen === undefined) logger.error('request failed', { error, method: request.method, path: problem.instance });
    else if (problem.status >= 500) logger.warn('request refused', { code: foreseen.code, error: foreseen });
    if (reply.sent || reply.raw.headersSent) return;

    // The rest of a body too large is read and dropped. Fastify closes instead, and the client sees a broken connection, not the answer.
    if (problem.status === 413) reply.removeHeader('connection');
    if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
    if (foreseen?.retryAfterSeconds !== undefined) reply.header('retry-after', String(foreseen.retryAfterSeconds));
    reply
      .code(problem.status)
      .header('content-type', problemContentType)
      .header('cache-control', 'no-store')
      .send(JSON.stringify(problem));
  };

/** Path without the query, which may hold personal data; cut where nobody reads any further. */
export const pathOf = (url: string): string => (url.split('?', 1)[0] ?? '').slice(0, 500).toWellFormed();

/** What the framework raises, in our words; undefined for a bug. */
function toAppError(error: unknown, bodyLimit: number): AppError | undefined {
  if (error instanceof AppError) return error;
  const status = error instanceof HttpException ? error.getStatus() : clientErrorStatus(error);
  if (status === undefined || status >= 500) return undefined;
  if (status === 413) return bodyTooLarge(bodyLimit);
  if (status === 414 || codeOf(error) === 'FST_ERR_BAD_URL') return malformedUrl();
  if (status === 415) return unsupportedContentType();
  const kind = kindOfStatus(status) ?? 'invalid';
  const title = STATUS_CODES[status] ?? 'Bad Request';
  return new AppError(kind, kind === 'invalid' ? 'invalid-request' : kind, `${title}.`, { cause: error });
}

/** Fastify's own errors carry a status, and so does a connection that broke inside a body; other errors with such a property are bugs. */
function clientErrorStatus(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('statusCode' in error) || typeof error.statusCode !== 'number') return undefined;
  const code = codeOf(error);
  return code.startsWith('FST_ERR_') || code === 'ECONNRESET' ? error.statusCode : undefined;
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');
