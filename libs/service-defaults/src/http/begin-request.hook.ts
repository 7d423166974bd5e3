import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { httpServerMetrics, inThisContext, type Logger, type RequestContext, runInContext } from '@emporium/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PlatformOptions } from '../platform/platform.module.ts';
import { type AnswerAtHand, answererAtHand } from './answer-at-hand.ts';

declare module 'fastify' {
  interface FastifyRequest {
    context?: RequestContext;
  }
  interface FastifyContextConfig {
    /**
     * The answer to a request, if it is there as the request arrives: it is given before anything else is done, so whoever gives it must
     * have done what matters of the rest. Undefined: the request goes the usual way.
     */
    atHand?: (request: FastifyRequest) => AnswerAtHand | undefined;
  }
}

const probes = new Set(['/health', '/ready', '/health/ready']);

/** The id a caller gave, if it can stand in a log line; otherwise a new one. */
export function requestIdOf({ headers }: { headers: IncomingMessage['headers'] }): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[A-Za-z0-9._-]{1,64}$/.test(given) ? given : randomUUID();
}

/** When nobody waits for the answer any more: epoch milliseconds, from 1 to 30,000 ms ahead. Anything else is no deadline. */
function deadlineOf({ headers }: FastifyRequest): number | undefined {
  const given = headers['x-request-timeout-ms'];
  if (typeof given !== 'string' || !/^\d{1,5}$/.test(given)) return undefined;
  const ms = Number(given);
  return ms >= 1 && ms <= 30_000 ? Date.now() + ms : undefined;
}

export type BeginRequest = (request: FastifyRequest, reply: FastifyReply, done: () => void) => void;

/** First hook of every request: its context, its metrics and its one log line. What is at hand is answered here. */
export function beginRequest(
  logger: Logger,
  { edge = false, answerHeaders = {} }: Pick<PlatformOptions, 'edge' | 'answerHeaders'>,
): BeginRequest {
  const answerAtHand = answererAtHand(answerHeaders);

  return (request, reply, done) => {
    // A stranger's short deadline would fail calls to the services, and with enough of them open their circuits for everyone.
    const context: RequestContext = { requestId: request.id, deadline: edge ? undefined : deadlineOf(request) };
    request.context = context;
    const { url: route, config } = request.routeOptions;

    runInContext(context, () => {
      observe(logger, request, reply, request.is404 ? undefined : route);
      const atHand = config.atHand?.(request);
      if (atHand !== undefined) return answerAtHand(atHand, request, reply);
      reply.headers(answerHeaders);
      reply.header('x-request-id', context.requestId);
      done();
    });
  };
}

/** Counts and logs a request when its connection is done with it, which also happens when the client leaves early. */
function observe(logger: Logger, request: FastifyRequest, reply: FastifyReply, route: string | undefined): void {
  const startedAt = performance.now();
  const count = httpServerMetrics.begin();
  const end = () => {
    const { method } = request;
    // 499: the client was gone before there was an answer, so there is no status.
    const status = reply.raw.headersSent ? reply.raw.statusCode : 499;
    count({ method, route, status });
    const durationMs = Math.round((performance.now() - startedAt) * 10) / 10;
    const level = route !== undefined && probes.has(route) ? 'debug' : 'info';
    logger.log(level, 'request', { method, route: route ?? 'unknown', status, durationMs });
  };
  reply.raw.once('close', inThisContext(end));
}
