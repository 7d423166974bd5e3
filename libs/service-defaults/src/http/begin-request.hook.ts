import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { httpServerMetrics, type Logger, type RequestContext, runInContext } from '@emporium/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PlatformOptions } from '../platform/platform.module.ts';

declare module 'fastify' {
  interface FastifyRequest {
    context?: RequestContext;
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

/** First hook of every request: its context, its metrics and its one log line. */
export const beginRequest =
  (logger: Logger, { edge = false, answerHeaders = {} }: Pick<PlatformOptions, 'edge' | 'answerHeaders'>): BeginRequest =>
  (request, reply, done) => {
    // A stranger's short deadline would fail calls to the services, and with enough of them open their circuits for everyone.
    const context: RequestContext = { requestId: request.id, deadline: edge ? undefined : deadlineOf(request) };
    request.context = context;
    reply.headers(answerHeaders);
    reply.header('x-request-id', context.requestId);

    runInContext(context, () => {
      observe(logger, request, reply);
      done();
    });
  };

/** Counts and logs a request when its connection is done with it, which also happens when the client leaves early. */
function observe(logger: Logger, request: FastifyRequest, reply: FastifyReply): void {
  const startedAt = performance.now();
  const count = httpServerMetrics.begin();
  const inContext = AsyncLocalStorage.snapshot();
  reply.raw.once('close', () => {
    const { method } = request;
    const route = request.is404 ? undefined : request.routeOptions.url;
    // 499: the client was gone before there was an answer, so there is no status.
    const status = reply.raw.headersSent ? reply.raw.statusCode : 499;
    count({ method, route, status });
    const durationMs = Math.round((performance.now() - startedAt) * 10) / 10;
    const level = route !== undefined && probes.has(route) ? 'debug' : 'info';
    inContext(() => logger.log(level, 'request', { method, route: route ?? 'unknown', status, durationMs }));
  });
}
