import type { IncomingMessage } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Answer } from './answer.ts';
import { requestIdOf } from './begin-request.hook.ts';
import { brokenRequest } from './broken-request.ts';
import { Methods } from './methods.ts';
import { type AnswerProblem, pathOf } from './problem.ts';
import { methodNotAllowed, noSuchRoute } from './request.errors.ts';

/** 1 MiB: the largest body of the contracts is a hundredth of it. */
export const bodyLimit = 1_048_576;

/** Fastify with the platform's limits, its own answers to errors, and no middleware layer. */
export class PlatformAdapter extends FastifyAdapter {
  private readonly methods = new Methods();
  private answer: AnswerProblem | undefined;

  constructor(trustedProxies: readonly string[]) {
    super({
      bodyLimit,
      routerOptions: { maxParamLength: 500 },
      requestTimeout: 30_000,
      // Silence on a connection that is neither idle nor answered; longer than any deadline.
      connectionTimeout: 40_000,
      // Longer than the 60 s of common load balancers, so that they close first and never send into a closing connection.
      keepAliveTimeout: 65_000,
      forceCloseConnections: 'idle',
      return503OnClosing: false,
      // Names, not hops: a client can add hops.
      trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
      genReqId: (raw: IncomingMessage) => requestIdOf(raw),
      clientErrorHandler: brokenRequest,
      frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => this.answerError(error, request, reply),
      skipMiddie: true,
    });
    this.getInstance().addHook('onRoute', ({ method, url }) => {
      for (const each of [method].flat()) this.methods.add(each, url);
    });
  }

  /** Errors before this call are answered by Fastify. */
  answerWith(answer: AnswerProblem): void {
    this.answer = answer;
  }

  /** 404, or 405 with `Allow` where another method would have been right. */
  refuseUnknown(request: FastifyRequest, reply: FastifyReply): never {
    const allowed = this.methods.of(pathOf(request.url));
    if (allowed.length === 0) throw noSuchRoute();
    reply.header('allow', allowed.join(', '));
    throw methodNotAllowed(allowed);
  }

  override setErrorHandler() {
    return this.getInstance().setErrorHandler((error, request, reply) => this.answerError(error, request, reply)) as never;
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
