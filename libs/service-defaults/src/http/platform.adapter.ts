import type { IncomingMessage } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { userRule } from '../access/access-rule.ts';
import type { ServiceConfig } from '../platform/platform.config.ts';
import { Answer } from './answer.ts';
import { type BeginRequest, requestIdOf } from './begin-request.hook.ts';
import { brokenRequest } from './broken-request.ts';
import { answerOddRequests } from './odd-requests.ts';
import { type AnswerProblem, pathOf } from './problem.ts';
import { methodNotAllowed, noSuchRoute } from './request.errors.ts';
import { RouteTable } from './route-table.ts';

/** 1 MiB: the largest body of the contracts is a hundredth of it. */
export const bodyLimit = 1_048_576;

type ServerConfig = Pick<ServiceConfig, 'trustedProxies' | 'headersTimeoutMs' | 'requestTimeoutMs'>;

/** Fastify with the platform's limits, its own answers to errors, and no middleware layer. */
export class PlatformAdapter extends FastifyAdapter {
  /** What there is, and for whom. */
  readonly routes = new RouteTable();
  private answer: AnswerProblem | undefined;
  private answerHeaders: Readonly<Record<string, string>> = {};
  private begin: BeginRequest = (_request, _reply, done) => done();

  constructor({ trustedProxies, headersTimeoutMs = 10_000, requestTimeoutMs = 30_000 }: ServerConfig) {
    super({
      bodyLimit,
      // Node would answer a request without a host by itself, with neither a problem nor our headers; a hook refuses it.
      // The second is how long a connection is kept beyond what is announced: 65 s in all, longer than the 60 s of common load balancers,
      // so that they close first and never send into a closing connection.
      http: {
        requireHostHeader: false,
        keepAliveTimeoutBuffer: 60_000,
        headersTimeout: Math.min(headersTimeoutMs, requestTimeoutMs),
        // How often Node looks for requests that are too slow in coming; its half a minute would make the time-outs that long.
        connectionsCheckingInterval: 1_000,
      },
      routerOptions: { maxParamLength: 500 },
      requestTimeout: requestTimeoutMs,
      // Silence on a connection that is neither idle nor answered; longer than any deadline.
      connectionTimeout: 40_000,
      // What clients are told: those that listen let go of an idle connection before a process that ends closes it (SHUTDOWN_DELAY_MS).
      keepAliveTimeout: 5_000,
      forceCloseConnections: 'idle',
      return503OnClosing: false,
      // Names, not hops: a client can add hops.
      trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
      genReqId: (raw: IncomingMessage) => requestIdOf(raw),
      clientErrorHandler: (error, socket) => brokenRequest(error, socket, this.answerHeaders),
      // Raised while the router reads the address, before any hook.
      frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
        this.begin(request, reply, () => this.answerError(error, request, reply)),
      skipMiddie: true,
    });
    answerOddRequests(this.getInstance().server, () => this.answerHeaders);
    this.getInstance().addHook('onRoute', ({ method, url, config }) => {
      for (const each of [method].flat()) this.routes.add(each, url, config?.access ?? userRule);
    });
  }

  /** What begins every request, what answers every error, and the headers of answers to what is no request. */
  handleWith(begin: BeginRequest, answer: AnswerProblem, answerHeaders: Readonly<Record<string, string>> = {}): void {
    this.begin = begin;
    this.answer = answer;
    this.answerHeaders = answerHeaders;
    this.getInstance().addHook('onRequest', begin as never);
    // Here, not where Nest would: a module that awaits a plugin makes Fastify give the routes there are the error handler there is.
    this.getInstance().setErrorHandler((error, request, reply) => this.answerError(error, request, reply));
  }

  /** 404, or 405 with `Allow` where another method would have been right. */
  refuseUnknown(request: FastifyRequest, reply: FastifyReply): never {
    const allowed = this.routes.methodsOf(pathOf(request.url));
    if (allowed.length === 0) throw noSuchRoute();
    reply.header('allow', allowed.join(', '));
    throw methodNotAllowed(allowed);
  }

  override setErrorHandler() {
    return this.getInstance() as never;
  }

  override setNotFoundHandler() {
    return this.getInstance().setNotFoundHandler((request, reply) => this.refuseUnknown(request, reply)) as never;
  }

  override reply(response: FastifyReply, body: unknown, statusCode?: number) {
    if (!(body instanceof Answer)) return super.reply(response, body, statusCode);
    return super.reply(response.headers({ ...body.headers }), body.body, body.status);
  }

  private answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    if (this.answer === undefined) throw error;
    this.answer(error, request, reply);
  }
}
