import { defineConfig } from '@emporium/config';
import { type EventContract, eventsMigrations, Outbox, on } from '@emporium/events';
import { Idempotency, idempotencyMigrations } from '@emporium/idempotency';
import { Jobs, type TaskContext } from '@emporium/jobs';
import { Postgres, sql } from '@emporium/postgres';
import type { Redis } from '@emporium/redis';
import { currentContext } from '@emporium/telemetry';
import { Controller, type DynamicModule, Get, Inject, Injectable, Module } from '@nestjs/common';
import { z } from 'zod';
import {
  databaseConfig,
  type EventHandlers,
  type JobTasks,
  PlatformModule,
  Public,
  platformConfig,
  REDIS,
  redisConfig,
} from '../src/index.ts';

export const migrations = [eventsMigrations, idempotencyMigrations];
export const tested: EventContract<z.ZodObject<{ text: z.ZodString }>> = {
  type: 'product.tested.v1',
  schema: z.object({ text: z.string() }),
};

/** What background work has done, for the specs to see. */
@Injectable()
export class Notes {
  readonly lines: unknown[] = [];
}

@Injectable()
export class BusyJobs implements JobTasks {
  readonly crontab = '0 3 * * * note';
  readonly tasks = {
    note: async (payload: unknown, { jobId }: TaskContext) => {
      this.notes.lines.push({ payload, jobId, requestId: currentContext()?.requestId });
    },
    slow: async () => {
      this.notes.lines.push('slow begins');
      await new Promise((resolve) => setTimeout(resolve, 500));
      await this.postgres.query(sql`select 1 as one`);
      this.notes.lines.push('slow ends');
    },
  };

  constructor(
    private readonly notes: Notes,
    private readonly postgres: Postgres,
  ) {}
}

@Injectable()
export class BusyConsumer implements EventHandlers {
  readonly handlers = [on(tested, async (_tx, { text }) => void this.notes.lines.push({ heard: text }))];

  constructor(private readonly notes: Notes) {}
}

/** Everything the platform provides, asked for by type. */
@Injectable()
export class Everything {
  constructor(
    readonly postgres: Postgres,
    readonly jobs: Jobs,
    readonly outbox: Outbox,
    readonly idempotency: Idempotency,
    @Inject(REDIS) readonly redis: Redis,
  ) {}
}

@Controller('v1/rows')
@Public()
export class RowController {
  constructor(private readonly postgres: Postgres) {}

  @Get()
  rows() {
    return this.postgres.query(sql`select 1 as one`);
  }
}

@Module({ controllers: [RowController], providers: [Notes, BusyJobs, BusyConsumer, Everything] })
class BusyModule {}

export const loadBusyConfig = defineConfig({
  ...platformConfig({ port: 3999, managementPort: 9999 }),
  ...databaseConfig(),
  ...redisConfig(),
});

/** A service that uses all there is. */
export const busyModule = (config: ReturnType<typeof loadBusyConfig>): DynamicModule => ({
  module: class BusyRoot {},
  imports: [
    PlatformModule.with(config, { name: 'product', postgres: true, redis: true, jobs: [BusyJobs], consumers: [BusyConsumer] }),
    BusyModule,
  ],
});
