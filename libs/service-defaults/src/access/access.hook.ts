import { bearerToken } from '@emporium/auth';
import type { FastifyRequest } from 'fastify';
import { callerNotAllowed, roleNotAllowed, serviceTokenRequired, tokenRequired } from '../http/request.errors.ts';
import type { AccessTokenVerifier, ServiceTokens } from '../platform/tokens.ts';
import { type AccessRule, userRule } from './access-rule.ts';

/** The only service that passes on what people ask for. */
const gateway: readonly string[] = ['gateway'];

/** Lets a request in or refuses it, before its body is read: service token, user token, role. */
export const checkAccess = (serviceTokens: ServiceTokens, accessTokens: AccessTokenVerifier) => {
  const callerOf = async ({ headers }: FastifyRequest): Promise<string> => {
    const token = headers['x-service-token'];
    if (typeof token !== 'string' || token === '') throw serviceTokenRequired();
    return (await serviceTokens.verify(token)).caller;
  };

  const principalOf = async ({ headers }: FastifyRequest) => {
    const token = bearerToken(headers.authorization);
    if (token === undefined) throw tokenRequired();
    return accessTokens.verify(token);
  };

  return async (request: FastifyRequest): Promise<void> => {
    const rule: AccessRule = request.routeOptions.config.access ?? userRule;
    if (rule.kind === 'open') return;

    const caller = await callerOf(request);
    const callers = rule.kind === 'internal' ? rule.callers : gateway;
    request.caller = caller;
    // A user route answers 401 to nobody before it says anything about the caller's rights.
    const principal = rule.kind === 'user' ? await principalOf(request) : undefined;
    if (!callers.includes(caller)) throw callerNotAllowed(caller);
    if (principal === undefined) return;

    request.principal = principal;
    if (request.context !== undefined) request.context.userId = principal.sub;
    if (rule.kind === 'user' && rule.roles !== undefined && !rule.roles.includes(principal.role)) throw roleNotAllowed();
  };
};
