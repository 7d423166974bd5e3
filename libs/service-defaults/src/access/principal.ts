import type { AccessRule, Role } from './access-rule.ts';

/** The signed-in user of a request: account, role and session. */
export interface Principal {
  readonly sub: string;
  readonly role: Role;
  readonly sid: string;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: AccessRule;
  }
  interface FastifyRequest {
    /** Set once the access rule of the route has let the request in. */
    principal?: Principal;
    /** The service that made the call, by its service token. */
    caller?: string;
    /** The body as it came, for signatures. */
    rawBody?: Buffer;
  }
}
