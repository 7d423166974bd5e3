import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { newId } from './books.ts';
import type { Fault, Faults, Operation } from './faults.ts';
import type { Answer, IdempotencyKeys } from './idempotency-keys.ts';
import type { Memory } from './memory.ts';
import type { Parameters } from './parameters.ts';
import { injectedFailure, StripeApiError, unauthorized } from './stripe-error.ts';

export type Work = (parameters: Parameters, id: string) => unknown;

/** The road every API call takes: key check, idempotency, injected fault, the work itself, the answer. */
export class StripeCall {
  constructor(
    private readonly faults: Faults,
    private readonly keys: IdempotencyKeys,
    private readonly memory: Memory,
  ) {}

  /** A Fastify handler doing `work` for calls counted as `operation`. */
  handler(operation: Operation, work: Work) {
    return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
      void reply.header('request-id', newId('req'));
      try {
        authorize(request);
        return await this.serve(request, reply, operation, work);
      } catch (error) {
        if (!(error instanceof StripeApiError)) throw error;
        return reply.code(error.status).send({ error: error.body });
      }
    };
  }

  private async serve(request: FastifyRequest, reply: FastifyReply, operation: Operation, work: Work): Promise<unknown> {
    const key = idempotencyKey(request);
    const parameters = (request.method === 'POST' ? request.body : request.query) as Parameters | null;
    if (key !== undefined) {
      void reply.header('idempotency-key', key);
      const stored = this.keys.begin(key, request.url, parameters ?? {});
      if (stored !== undefined) {
        void reply.header('idempotent-replayed', 'true').header('original-request', newId('req'));
        return this.answer(reply, stored, this.faults.take(operation));
      }
    }

    const fault = this.faults.take(operation);
    if (fault.delayMs > 0) await sleep(fault.delayMs);
    if (!fault.acts) {
      // A hanging call keeps its key busy until the caller goes away.
      if (fault.answer === 'never') await callerGone(request);
      if (key !== undefined) this.keys.release(key);
      return this.speak(reply, { status: fault.status, body: null }, fault);
    }
    const wanted = fault.shortens ? shortened(parameters ?? {}) : (parameters ?? {});
    const outcome = attempt(() => work(wanted, (request.params as { id?: string }).id ?? ''));
    if (key !== undefined) {
      if (outcome.stored) this.keys.keep(key, outcome.answer);
      else this.keys.release(key);
    }
    if (fault.replyDelayMs > 0) {
      this.memory.save();
      await sleep(fault.replyDelayMs);
    }
    return this.speak(reply, outcome.answer, fault);
  }

  private async answer(reply: FastifyReply, answer: Answer, fault: Fault): Promise<unknown> {
    if (fault.delayMs > 0) await sleep(fault.delayMs);
    return this.speak(reply, answer, fault);
  }

  private speak(reply: FastifyReply, answer: Answer, fault: Fault): unknown {
    this.memory.save();
    switch (fault.answer) {
      case 'truth':
        return reply.code(answer.status).send(answer.body);
      case 'failure':
        throw injectedFailure(fault.status);
      case 'dropped':
        reply.hijack();
        reply.raw.socket?.destroy();
        return reply;
      case 'never':
        reply.hijack();
        return reply;
      case 'garbage':
        return reply.code(200).type('text/html').send('<html><body>It works!</body></html>');
    }
  }
}

const shortened = ({ amount, ...others }: Parameters): Parameters => ({
  ...others,
  ...(amount !== undefined && { amount: String(Number(amount) - 1) }),
});

function attempt(work: () => unknown): { answer: Answer; stored: boolean } {
  try {
    return { answer: { status: 200, body: structuredClone(work()) }, stored: true };
  } catch (error) {
    if (!(error instanceof StripeApiError)) throw error;
    return { answer: { status: error.status, body: { error: structuredClone(error.body) } }, stored: error.stored };
  }
}

async function callerGone(request: FastifyRequest): Promise<void> {
  const { socket } = request.raw;
  if (!socket.destroyed) await new Promise<void>((resolve) => socket.once('close', () => resolve()));
}

function authorize(request: FastifyRequest): void {
  if (!/^(bearer|basic) \S+/i.test(request.headers.authorization ?? '')) throw unauthorized();
}

function idempotencyKey(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  return request.method === 'POST' && typeof key === 'string' && key !== '' ? key : undefined;
}
