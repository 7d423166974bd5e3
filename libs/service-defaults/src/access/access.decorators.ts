import { RouteConfig } from '@nestjs/platform-fastify';
import type { AccessRule, Role } from './access-rule.ts';

type MethodOrClass = MethodDecorator & ClassDecorator;

/** No user token: anyone may call through the gateway. The service token of the gateway is still needed. */
export const Public = (): MethodOrClass => access({ kind: 'public' });

/** A user with one of these roles. Any other user is answered 403, nobody 401. */
export const Roles = (...roles: Role[]): MethodOrClass => access({ kind: 'user', roles });

/** Only these services, by their own service token; no user. Another service is answered 403. */
export const Internal = ({ callers }: { callers: string[] }): MethodOrClass => access({ kind: 'internal', callers });

/** No token of any kind. For what must be readable before there are tokens, such as the public key set. */
export const Open = (): MethodOrClass => access({ kind: 'open' });

/**
 * The rule travels as Fastify route configuration, so that it is checked before the body is read. Nest reads that metadata from
 * methods only: on a class it is copied to every method that has no rule of its own.
 */
function access(rule: AccessRule): MethodOrClass {
  const mark = RouteConfig({ access: rule });
  return (target: object, key?: string | symbol, descriptor?: PropertyDescriptor): void => {
    if (key !== undefined && descriptor !== undefined) {
      mark(target, key, descriptor);
      return;
    }
    const { prototype } = target as { prototype: object };
    for (const name of Object.getOwnPropertyNames(prototype)) {
      const own = Object.getOwnPropertyDescriptor(prototype, name);
      if (name === 'constructor' || typeof own?.value !== 'function' || hasRule(own.value, mark.KEY)) continue;
      mark(prototype, name, own);
    }
  };
}

const hasRule = (method: object, key: string): boolean => Reflect.getMetadata(key, method)?.access !== undefined;
