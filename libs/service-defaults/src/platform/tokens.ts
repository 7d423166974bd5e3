import type { Principal } from '../access/principal.ts';

/** Injects the configuration of the service: `@Inject(CONFIG) private readonly config: OrderConfig`. */
export const CONFIG = Symbol('emporium.config');

/** Injects the logger: `@Inject(LOGGER) private readonly logger: Logger`. */
export const LOGGER = Symbol('emporium.logger');

/** Injects the Redis connection of the request path: `@Inject(REDIS) private readonly redis: Redis`. */
export const REDIS = Symbol('emporium.redis');

/** Injects the settings that may change while the service runs: `@Inject(SETTINGS) private readonly settings: Settings<OrderSettings>`. */
export const SETTINGS = Symbol('emporium.settings');

/** Checks access tokens of users. Raises AppError 'unauthenticated' for one that is forged, expired or meant for others. */
export abstract class AccessTokenVerifier {
  abstract verify(token: string): Promise<Principal>;
}

/** Proves who calls whom: signs this service's tokens and checks those of its callers. */
export abstract class ServiceTokens {
  /** A token for calls to the named service; kept for a while, so asking for every call is cheap. */
  abstract tokenFor(audience: string): Promise<string>;
  /** Raises AppError 'unauthenticated' for a token that is forged, expired or meant for another service. */
  abstract verify(token: string): Promise<{ caller: string }>;
}

/** What the platform module was made with; for the library itself. */
export const PLATFORM = Symbol('emporium.platform');
