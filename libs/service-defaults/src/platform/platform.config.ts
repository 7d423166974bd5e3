import { env } from '@emporium/config';

/** What every service reads from its environment; services add their own. */
export interface ServiceConfig {
  nodeEnv: 'development' | 'test' | 'production';
  host: string;
  port: number;
  managementPort: number;
  logLevel: 'error' | 'warn' | 'info' | 'debug';
  databaseUrl?: string;
  databasePoolMax?: number;
  databaseReplicaUrl?: string;
  databaseReplicaMaxLagMs?: number;
  redisUrl?: string;
  userServiceUrl: string;
  jwtIssuer: string;
  jwtAudience: string;
  serviceTokenKey: string;
  serviceTokenPublicKeys: string;
  /** Addresses or CIDR ranges whose X-Forwarded-For is believed; never a number of hops, which a client can forge. */
  trustedProxies: string[];
  shutdownDelayMs?: number;
  breakerResetMs?: number;
  connectionAgeMs?: number;
  headersTimeoutMs?: number;
  requestTimeoutMs?: number;
  answerTimeoutMs?: number;
  connectionsMax?: number;
  loopDelayMaxMs?: number;
  inFlightMax?: number;
  settingsFile?: string;
}

/** The variables every service has: `defineConfig({ ...platformConfig({ port: 3004, managementPort: 9004 }), … })`. */
export const platformConfig = (defaults: { port: number; managementPort: number }) => ({
  nodeEnv: env.oneOf('NODE_ENV', ['development', 'test', 'production'], { default: 'development' }),
  host: env.string('HOST', { default: '0.0.0.0' }),
  port: env.port('PORT', { default: defaults.port }),
  managementPort: env.port('MANAGEMENT_PORT', { default: defaults.managementPort }),
  logLevel: env.oneOf('LOG_LEVEL', ['error', 'warn', 'info', 'debug'], { default: 'info' }),
  userServiceUrl: env.url('USER_SERVICE_URL', { default: 'http://127.0.0.1:3002' }),
  jwtIssuer: env.string('JWT_ISSUER', { default: 'https://emporium.example' }),
  jwtAudience: env.string('JWT_AUDIENCE', { default: 'emporium' }),
  serviceTokenKey: env.secret('SERVICE_TOKEN_KEY'),
  serviceTokenPublicKeys: env.string('SERVICE_TOKEN_PUBLIC_KEYS'),
  trustedProxies: env.list('TRUSTED_PROXIES', { default: [] }),
  // A killed service is back within 1 to 3 s (e2e/killed-mid-purchase); the library's 30 s would keep its callers away far longer.
  breakerResetMs: env.duration('BREAKER_RESET_MS', { default: 2_000, min: 100 }),
  /** How long a connection is used, by our clients and by those who call us; replicas that came later get their share after that long. */
  connectionAgeMs: env.duration('CONNECTION_AGE_MS', { default: 30_000, min: 1_000 }),
  /** How long a client may take to send the headers of a request, to send all of it, and to read the answer. */
  headersTimeoutMs: env.duration('HEADERS_TIMEOUT_MS', { default: 10_000, min: 100 }),
  requestTimeoutMs: env.duration('REQUEST_TIMEOUT_MS', { default: 30_000, min: 100 }),
  answerTimeoutMs: env.duration('ANSWER_TIMEOUT_MS', { default: 30_000, min: 100 }),
  connectionsMax: env.integer('CONNECTIONS_MAX', { default: 10_000, min: 1, max: 1_000_000 }),
  // Far above what a busy service shows: the gateway refuses first, and knows better what.
  loopDelayMaxMs: env.duration('LOOP_DELAY_MAX_MS', { default: 1_000, min: 1 }),
  inFlightMax: env.integer('IN_FLIGHT_MAX', { default: 1_000, min: 1, max: 1_000_000 }),
  /** Default: 5 s in production, so that the load balancer stops sending first; none elsewhere. */
  shutdownDelayMs: env.duration('SHUTDOWN_DELAY_MS', { optional: true }),
  /** A JSON file of settings that may change while the service runs; what it does not say is as the other variables say. */
  settingsFile: env.string('SETTINGS_FILE', { optional: true }),
});

/** `DATABASE_URL` and the size of the pool, for services with a database. */
export const databaseConfig = () => ({
  databaseUrl: env.url('DATABASE_URL'),
  databasePoolMax: env.integer('DATABASE_POOL_MAX', { default: 20, min: 2, max: 200 }),
});

/** `DATABASE_REPLICA_URL`, for services with reads that may be a little old. */
export const replicaConfig = () => ({
  databaseReplicaUrl: env.url('DATABASE_REPLICA_URL', { optional: true }),
  /** A replica that is further behind is not read. */
  databaseReplicaMaxLagMs: env.duration('DATABASE_REPLICA_MAX_LAG_MS', { default: 500, min: 50, max: 60_000 }),
});

/** `REDIS_URL`, for services with Redis. */
export const redisConfig = () => ({ redisUrl: env.url('REDIS_URL', { default: 'redis://127.0.0.1:6379' }) });
