import formbody from '@fastify/formbody';
import Fastify, { type FastifyInstance } from 'fastify';
import qs from 'qs';
import { z } from 'zod';
import { Books } from './books.ts';
import { controlRoutes } from './control.routes.ts';
import { DataFile } from './data-file.ts';
import { Faults } from './faults.ts';
import { IdempotencyKeys } from './idempotency-keys.ts';
import { Memory } from './memory.ts';
import { PaymentIntents } from './payment-intents.ts';
import { Refunds } from './refunds.ts';
import { stripeRoutes } from './stripe.routes.ts';
import { StripeCall } from './stripe-call.ts';
import { StripeApiError } from './stripe-error.ts';
import { type WebhookOptions, Webhooks } from './webhooks.ts';

export interface SimulatorOptions {
  latencyMs?: number;
  /** Where charges, refunds and answered keys are kept; without it a restart forgets them. One process at a time. */
  dataFile?: string | undefined;
  webhooks: WebhookOptions;
}

export interface Simulator {
  readonly app: FastifyInstance;
  readonly books: Books;
  readonly faults: Faults;
  readonly webhooks: Webhooks;
  /** Starts listening; port 0 takes a free one. Returns the base address, without `/v1`. */
  listen(port: number, host?: string): Promise<string>;
  close(): Promise<void>;
}

/** A payment provider that speaks Stripe's API, keeps its own books and fails on request. Throws when its data file cannot be used. */
export function createSimulator(options: SimulatorOptions): Simulator {
  const books = new Books();
  const keys = new IdempotencyKeys();
  const memory = new Memory(books, keys, options.dataFile === undefined ? undefined : new DataFile(options.dataFile));
  const faults = new Faults({
    latencyMs: options.latencyMs ?? 0,
    failureRate: 0,
    failureStatus: 500,
    lostReplyRate: 0,
    hangRate: 0,
    trusting: false,
  });
  const webhooks = new Webhooks(options.webhooks);
  const intents = new PaymentIntents(books, webhooks.announce);
  const refunds = new Refunds(books, webhooks.announce, () => faults.settings.trusting);

  // Closing must not wait for calls that were told to hang.
  const app = Fastify({ forceCloseConnections: true, routerOptions: { querystringParser: (text) => qs.parse(text) } });
  void app.register(formbody, { parser: (text) => qs.parse(text) });
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof StripeApiError) return reply.code(error.status).send({ error: error.body });
    const status = error instanceof z.ZodError ? 400 : ((error as { statusCode?: number }).statusCode ?? 500);
    const message = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    return reply.code(status).send({ error: { type: status < 500 ? 'invalid_request_error' : 'api_error', message } });
  });
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({
      error: { type: 'invalid_request_error', message: `Unrecognized request URL (${request.method}: ${request.url}).` },
    }),
  );
  app.get('/health', async () => ({ status: 'ok' }));
  stripeRoutes(app, { books, intents, refunds, call: new StripeCall(faults, keys, memory) });
  controlRoutes(app, { books, faults, memory, refunds, webhooks });

  return {
    app,
    books,
    faults,
    webhooks,
    listen: (port, host = '127.0.0.1') => app.listen({ port, host }),
    close: async () => {
      webhooks.close();
      await app.close();
      memory.close();
    },
  };
}
