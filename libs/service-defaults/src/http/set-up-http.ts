import type { Logger } from '@emporium/telemetry';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { checkAccess } from '../access/access.hook.ts';
import { HealthRegistry } from '../health/health.registry.ts';
import { addProbes } from '../health/probes.ts';
import { describeApi } from '../openapi/openapi.ts';
import { Lifecycle } from '../platform/lifecycle.ts';
import type { PlatformOptions } from '../platform/platform.module.ts';
import { AccessTokenVerifier, LOGGER, PLATFORM, ServiceTokens } from '../platform/tokens.ts';
import { Shedding } from '../shedding/shedding.ts';
import { beginRequest } from './begin-request.hook.ts';
import { useJsonParser, useRawParser } from './json.parser.ts';
import { bodyLimit, type PlatformAdapter } from './platform.adapter.ts';
import { ProblemFilter } from './problem.filter.ts';
import { answerProblem } from './problem.ts';
import { checkAddress, checkContentType, checkHost, hasEmptyPart } from './request.checks.ts';
import { SchemaPipe } from './schema.pipe.ts';

/**
 * What happens to every request, in this order: overload, context, 404 or 405, tokens and role, address, content type, body, schema, controller.
 * All but the last two are Fastify hooks, so that nobody makes us read a body they may not send.
 */
export function setUpHttp(app: NestFastifyApplication, adapter: PlatformAdapter): void {
  const fastify = adapter.getInstance() as unknown as FastifyInstance;
  const logger = app.get<Logger>(LOGGER);
  const lifecycle = app.get(Lifecycle);
  const { options } = app.get<{ options: PlatformOptions }>(PLATFORM);
  const shedding = app.get(Shedding);
  const answer = shedding.orElse(answerProblem(logger, bodyLimit));
  const admit = checkAccess(app.get(ServiceTokens), app.get(AccessTokenVerifier));

  fastify.addHook('onRequest', shedding.onRequest);
  adapter.handleWith(beginRequest(logger, options), answer, options.answerHeaders);
  // What they throw is what the framework answers: a hook needs no promise for that.
  fastify.addHook('onRequest', (request, reply, done) => {
    checkHost(request);
    if (request.is404 || hasEmptyPart(request)) adapter.refuseUnknown(request, reply);
    done();
  });
  if (options.edge) {
    // Its routes ask for tokens in hooks of their own, which come after the one above, and nobody's address is judged before that.
    fastify.addHook('preParsing', (request, _reply, _payload, done) => {
      checkAddress(request);
      done();
    });
  } else {
    fastify.addHook('onRequest', async (request) => {
      await admit(request);
      checkAddress(request);
      checkContentType(request);
    });
  }
  if (options.edge) useRawParser(fastify);
  else useJsonParser(fastify);

  app.useGlobalFilters(new ProblemFilter(answer));
  app.useGlobalPipes(new SchemaPipe());
  addProbes(fastify, app.get(HealthRegistry), lifecycle);
  if (!options.edge) addDocument(app, adapter, options);
}

/** Served to the gateway, which puts the documents of all services together. */
function addDocument(app: NestFastifyApplication, adapter: PlatformAdapter, { name, version }: PlatformOptions): void {
  let document: string | undefined;
  const config = { access: { kind: 'internal', callers: ['gateway'] } } as const;
  adapter.getInstance().get('/openapi.json', { config }, (_, reply) => {
    document ??= JSON.stringify(describeApi(app, adapter.routes, { name, version }));
    return reply.type('application/json; charset=utf-8').send(document);
  });
}
