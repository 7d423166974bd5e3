import { AppError, invalidField } from '@emporium/errors';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Problems } from '../openapi/answers.decorator.ts';
import type { Principal } from './principal.ts';

const requestOf = (context: ExecutionContext): FastifyRequest => context.switchToHttp().getRequest<FastifyRequest>();

function principalOf(request: FastifyRequest): Principal {
  if (request.principal === undefined) {
    throw new AppError('unauthenticated', 'invalid-token', 'This needs a signed-in user.');
  }
  return request.principal;
}

/** Id of the signed-in user: `@CurrentUser() userId: string`. */
export const CurrentUser = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  return principalOf(requestOf(context)).sub;
});

/** The signed-in user with role and session: `@CurrentPrincipal() who: Principal`. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  return principalOf(requestOf(context));
});

/** Name of the calling service: `@CallingService() caller: string`. Undefined on routes marked `@Open`. */
export const CallingService = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => {
  return requestOf(context).caller;
});

/** Address of the person or program at the edge, as the gateway saw it. Never taken from a caller without a service token. */
export const ClientAddress = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const request = requestOf(context);
  const forwarded = request.caller === undefined ? undefined : request.headers['x-client-address'];
  return typeof forwarded === 'string' && /^[0-9A-Fa-f.:]{2,45}$/.test(forwarded) ? forwarded : request.ip;
});

/** Parameter decorators come with a method and its name only; what documents a route wants the method itself. */
const documentedBy =
  (...decorators: MethodDecorator[]): ParameterDecorator =>
  (target, method) => {
    const descriptor = method === undefined ? undefined : Object.getOwnPropertyDescriptor(target, method);
    if (method === undefined || descriptor === undefined) return;
    for (const decorate of decorators) decorate(target, method, descriptor);
  };

const describeKey = documentedBy(
  ApiHeader({
    name: 'Idempotency-Key',
    required: true,
    description: 'Chosen by the client, once per intent: the same key gives the same answer, for 72 hours.',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
  }),
  Problems(409, 422),
);

/** The `Idempotency-Key` of the request; 400 when it is missing or not 1 to 255 visible ASCII characters. Documents the header, too. */
export const IdempotencyKey = createParamDecorator(
  (_: unknown, context: ExecutionContext): string => {
    const key = requestOf(context).headers['idempotency-key'];
    if (key === undefined) throw invalidField('Idempotency-Key', 'is required');
    if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) {
      throw invalidField('Idempotency-Key', 'must be 1 to 255 visible ASCII characters');
    }
    return key;
  },
  [describeKey],
);
