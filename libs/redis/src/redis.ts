import { gauge, type Logger } from '@emporium/telemetry';
import { Redis } from 'ioredis';

/** How to reach one Redis server. Times are milliseconds. */
export interface RedisConnectionOptions {
  url: string;
  /** Shows up in CLIENT LIST, metrics and log lines. */
  name: string;
  /** Default 250: a command that has no answer by then fails. */
  commandTimeoutMs?: number;
  /** Default 1000. */
  connectTimeoutMs?: number;
  logger?: Logger;
}

/**
 * Connects for the request path. Returns at once; until the server answers, and whenever it is away, commands fail at once.
 * A command never waits longer than `commandTimeoutMs`, is never queued and never sent twice. Reconnects for ever, within about a second.
 * Does not throw when the server is away: use `redisReady` to wait for it. Not for blocking commands.
 */
export function connectRedis(options: RedisConnectionOptions): Redis {
  return connect(options, options.commandTimeoutMs ?? 250);
}

/** Connects for XREADGROUP BLOCK and its like: as `connectRedis`, and a command may take `blockMs` longer. One reader per connection. */
export function connectBlockingRedis(options: RedisConnectionOptions & { blockMs: number }): Redis {
  return connect(options, options.blockMs + (options.commandTimeoutMs ?? 1_000));
}

/** Resolves to true once the connection takes commands, to false when it does not within `timeoutMs`. */
export async function redisReady(redis: Redis, timeoutMs: number): Promise<boolean> {
  if (redis.status === 'ready') return true;

  return new Promise((resolve) => {
    const finish = (ready: boolean) => {
      clearTimeout(timer);
      redis.off('ready', onReady);
      redis.off('end', onEnd);
      resolve(ready);
    };
    const onReady = () => finish(true);
    const onEnd = () => finish(false);
    const timer = setTimeout(onEnd, timeoutMs);
    redis.on('ready', onReady);
    redis.on('end', onEnd);
  });
}

/** Answers of commands in flight are lost; the connection does not come back. */
export function closeRedis(redis: Redis): void {
  redis.disconnect();
}

function connect({ url, name, connectTimeoutMs = 1_000, logger }: RedisConnectionOptions, commandTimeoutMs: number): Redis {
  const redis = new Redis(url, {
    connectionName: name,
    connectTimeout: connectTimeoutMs,
    commandTimeout: commandTimeoutMs,
    // A path that swallows everything (a dead NAT entry, a stopped server) never closes a connection: give it up and make a new one.
    socketTimeout: Math.max(1_000, commandTimeoutMs * 2),
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    // 0: commands in flight fail when the connection is lost. Without it and without resending they would never settle (ioredis #2193).
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 5), 1_000) * (0.5 + Math.random() / 2),
    // After a failover the old primary answers READONLY: connect again to find the new one.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  });
  watch(redis, name, logger);
  return redis;
}

function watch(redis: Redis, name: string, logger: Logger | undefined): void {
  const up = gauge('emporium_redis_up', 'Whether the connection takes commands.', ['connection']).labels(name);
  let reported = false;
  let lastError: Error | undefined;
  up.set(0);

  redis.on('ready', () => {
    up.set(1);
    logger?.info('redis is connected', { connection: name });
    reported = false;
  });
  redis.on('close', () => up.set(0));
  redis.on('error', (error: Error) => {
    lastError = error;
  });
  // Comes with every attempt; one line per outage is enough.
  redis.on('reconnecting', () => {
    if (!reported) logger?.warn('redis is away', { connection: name, error: lastError });
    reported = true;
  });
}
