import {
  createAccessTokenVerifier,
  createServiceTokenSigner,
  createServiceTokenVerifier,
  type JSONWebKeySet,
} from '@emporium/auth';
import { DeadLetters, Outbox } from '@emporium/events';
import { Idempotency } from '@emporium/idempotency';
import { GivenUpJobs, Jobs } from '@emporium/jobs';
import { Postgres, Replica } from '@emporium/postgres';
import { connectRedis, type Redis } from '@emporium/redis';
import type { Settings } from '@emporium/settings';
import { createLogger, type Logger } from '@emporium/telemetry';
import { type DynamicModule, Module, type OnApplicationBootstrap, type Provider, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { z } from 'zod';
import { DeadLetterController } from '../dead-letters/dead-letter.controller.ts';
import { DeadLetterService } from '../dead-letters/dead-letter.service.ts';
import { watchDeadLetters } from '../dead-letters/dead-letter.watch.ts';
import { HealthRegistry } from '../health/health.registry.ts';
import { type ServiceSettings, serviceSettings } from '../settings/service.settings.ts';
import { startSettings } from '../settings/start-settings.ts';
import { Shedding } from '../shedding/shedding.ts';
import { Background, type EventHandlers, type JobTasks } from './background.ts';
import { fetchKeys } from './key-set.ts';
import { Lifecycle } from './lifecycle.ts';
import type { ServiceConfig } from './platform.config.ts';
import { ServiceClients } from './service-clients.ts';
import { AccessTokenVerifier, CONFIG, LOGGER, PLATFORM, REDIS, SETTINGS, ServiceTokens } from './tokens.ts';

/** What a service wants from the platform. */
export interface PlatformOptions {
  /** Name of the service: audience of its tokens, consumer group, label of logs. */
  name: string;
  /** Provides Postgres, Replica, Jobs, Outbox, DeadLetters and Idempotency. */
  postgres?: boolean;
  /** Provides REDIS. */
  redis?: boolean;
  /** Starts the job worker with the tasks of these providers, and offers what was given up to administrators. An empty list still publishes events. */
  jobs?: Type<JobTasks>[];
  /** Starts the event consumer with the handlers of these providers. */
  consumers?: Type<EventHandlers>[];
  /** Where the users' public keys come from. Default: the key set of the user service, over HTTP. */
  accessKeys?: () => Promise<JSONWebKeySet>;
  /** The public door: routes ask for no tokens by themselves, bodies stay raw buffers, and nobody's deadline is believed. */
  edge?: boolean;
  /** Headers of every answer, also of those that no route gives. Names in lower case. */
  answerHeaders?: Readonly<Record<string, string>>;
  /** Schema of what may change while the service runs, made with `serviceSettings`. Default: only what every service has. */
  settings?: z.ZodType<ServiceSettings>;
  version?: string;
}

/** Everything a service gets without asking how: connections, tokens, health, life cycle. Global; import it once. */
@Module({})
export class PlatformModule implements OnApplicationBootstrap {
  constructor(private readonly moduleRef: ModuleRef) {}

  /** `imports: [PlatformModule.with(config, { name: 'order', postgres: true, redis: true, jobs: [OrderJobs] }), OrdersModule]` */
  static with(config: ServiceConfig, options: PlatformOptions): DynamicModule {
    const providers = [
      ...core(config, options),
      ...(options.postgres ? postgresProviders(config, options) : []),
      ...(options.redis ? [redisProvider(config, options)] : []),
    ];
    const controllers = options.jobs === undefined ? [] : [DeadLetterController];
    return { module: PlatformModule, global: true, controllers, providers, exports: providers };
  }

  async onApplicationBootstrap(): Promise<void> {
    const { options, config } = this.moduleRef.get<{ options: PlatformOptions; config: ServiceConfig }>(PLATFORM);
    const { jobs, consumers } = options;
    if (jobs === undefined && consumers === undefined) return;
    const get = <T>(token: Type<T> | symbol | (abstract new (...args: never[]) => T)): T =>
      this.moduleRef.get<T>(token as Type<T>, { strict: false });
    const background = new Background({
      name: options.name,
      postgres: get(Postgres),
      redis: options.redis ? get<Redis>(REDIS) : undefined,
      redisUrl: config.redisUrl,
      idempotency: get(Idempotency),
      outbox: get(Outbox),
      logger: get<Logger>(LOGGER),
      health: get(HealthRegistry),
      lifecycle: get(Lifecycle),
    });
    if (jobs !== undefined) {
      await background.startJobs(jobs.map(get<JobTasks>));
      background.startRelay();
      watchDeadLetters(get(DeadLetterService), get(Lifecycle), get<Logger>(LOGGER));
    }
    if (consumers !== undefined) await background.startConsumer(consumers.map(get<EventHandlers>));
  }
}

function core(config: ServiceConfig, options: PlatformOptions): Provider[] {
  const { name, version, accessKeys, settings: schema = serviceSettings(config) } = options;
  return [
    { provide: PLATFORM, useValue: { options, config } },
    { provide: CONFIG, useValue: config },
    { provide: LOGGER, useFactory: () => createLogger({ service: name, level: config.logLevel, version }) },
    { provide: HealthRegistry, useFactory: () => new HealthRegistry() },
    { provide: Lifecycle, useFactory: (logger: Logger) => new Lifecycle(logger, shutdownDelay(config)), inject: [LOGGER] },
    {
      provide: SETTINGS,
      useFactory: (logger: Logger, lifecycle: Lifecycle) =>
        startSettings({ service: name, schema, file: config.settingsFile, logger, lifecycle }),
      inject: [LOGGER, Lifecycle],
    },
    {
      provide: AccessTokenVerifier,
      useFactory: (logger: Logger, lifecycle: Lifecycle): AccessTokenVerifier => {
        const verifier = createAccessTokenVerifier({
          issuer: config.jwtIssuer,
          audience: config.jwtAudience,
          keys: accessKeys ?? (() => fetchKeys(config.userServiceUrl)),
          onKeyError: (error) => logger.warn('no new keys of access tokens; the last ones stay', { error }),
        });
        const stop = new AbortController();
        lifecycle.onStop('background', 'keys of access tokens', () => stop.abort());
        void verifier.warmUp(stop.signal);
        return verifier;
      },
      inject: [LOGGER, Lifecycle],
    },
    { provide: ServiceTokens, useFactory: () => serviceTokens(name, config) },
    ServiceClients,
    {
      provide: Shedding,
      useFactory: (settings: Settings<ServiceSettings>, logger: Logger, lifecycle: Lifecycle) =>
        shedding(options, settings, logger, lifecycle),
      inject: [SETTINGS, LOGGER, Lifecycle],
    },
  ];
}

function shedding(
  { edge, answerHeaders }: PlatformOptions,
  settings: Settings<ServiceSettings>,
  logger: Logger,
  lifecycle: Lifecycle,
): Shedding {
  const made = new Shedding({ settings: () => settings.current.shedding, logger, edge, answerHeaders });
  lifecycle.onStop('stores', 'shedding', () => made.stop());
  return made;
}

const shutdownDelay = ({ shutdownDelayMs, nodeEnv }: ServiceConfig): number =>
  shutdownDelayMs ?? (nodeEnv === 'production' ? 5000 : 0);

function serviceTokens(service: string, config: ServiceConfig): ServiceTokens {
  const signer = createServiceTokenSigner({ service, privateKey: config.serviceTokenKey });
  const verifier = createServiceTokenVerifier({ service, publicKeys: config.serviceTokenPublicKeys });
  return { tokenFor: (audience) => signer.tokenFor(audience), verify: (token) => verifier.verify(token) };
}

function postgresProviders(config: ServiceConfig, { name, redis }: PlatformOptions): Provider[] {
  const { databaseUrl, databasePoolMax } = config;
  if (databaseUrl === undefined) throw new Error('A service with Postgres needs databaseUrl in its configuration.');
  const connect = (logger: Logger, health: HealthRegistry, lifecycle: Lifecycle): Postgres => {
    const postgres = new Postgres({ url: databaseUrl, applicationName: name, max: databasePoolMax, logger });
    health.register({ name: 'postgres', required: true, check: () => postgres.ping() });
    lifecycle.onStop('stores', 'postgres', () => postgres.close());
    return postgres;
  };
  return [
    { provide: Postgres, useFactory: connect, inject: [LOGGER, HealthRegistry, Lifecycle] },
    replicaProvider(config, name),
    { provide: Jobs, useFactory: () => new Jobs() },
    { provide: Outbox, useFactory: () => new Outbox() },
    { provide: DeadLetters, useFactory: (jobs: Jobs) => new DeadLetters(jobs), inject: [Jobs] },
    {
      provide: DeadLetterService,
      useFactory: (postgres: Postgres, letters: DeadLetters, logger: Logger) =>
        new DeadLetterService({
          service: name,
          postgres,
          letters: redis ? letters : undefined,
          jobs: new GivenUpJobs(name),
          logger,
        }),
      inject: [Postgres, DeadLetters, LOGGER],
    },
    { provide: Idempotency, useFactory: (postgres: Postgres) => new Idempotency(postgres), inject: [Postgres] },
  ];
}

/** Reads the primary when the configuration names no replica. */
function replicaProvider(config: ServiceConfig, name: string): Provider {
  const { databaseReplicaUrl: url, databaseReplicaMaxLagMs: maxLagMs, databasePoolMax: max } = config;
  const connect = (postgres: Postgres, logger: Logger, health: HealthRegistry, lifecycle: Lifecycle): Replica => {
    if (url === undefined) return new Replica(postgres);
    const replica = new Replica(postgres, { url, applicationName: `${name}-replica`, maxLagMs, max, logger });
    // Without it the primary is read, so it is not required; a look at what is known cannot hold up the probe either.
    const check = () => {
      if (!replica.isUsed) throw new Error('The replica is not read: it is away, or too far behind.');
    };
    health.register({ name: 'postgres-replica', required: false, check });
    lifecycle.onStop('stores', 'postgres replica', () => replica.close());
    return replica;
  };
  return { provide: Replica, useFactory: connect, inject: [Postgres, LOGGER, HealthRegistry, Lifecycle] };
}

function redisProvider({ redisUrl }: ServiceConfig, { name }: PlatformOptions): Provider {
  if (redisUrl === undefined) throw new Error('A service with Redis needs redisUrl in its configuration.');
  const connect = (logger: Logger, health: HealthRegistry, lifecycle: Lifecycle): Redis => {
    const redis = connectRedis({ url: redisUrl, name, logger });
    // Everything in Redis can be lost at any time, so its absence must not take a service out of rotation.
    health.register({ name: 'redis', required: false, check: async () => void (await redis.ping()) });
    lifecycle.onStop('stores', 'redis', () => redis.disconnect());
    return redis;
  };
  return { provide: REDIS, useFactory: connect, inject: [LOGGER, HealthRegistry, Lifecycle] };
}
