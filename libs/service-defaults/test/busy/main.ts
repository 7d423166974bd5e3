import { setTimeout as sleep } from 'node:timers/promises';
import { on } from '@emporium/events';
import { Postgres, sql } from '@emporium/postgres';
import { type EventHandlers, type JobTasks, PlatformModule, startService } from '@emporium/service-defaults';
import { Injectable, Module } from '@nestjs/common';
import { loadBusyConfig, tested } from '../busy.service.ts';

/** Jobs and events that take their time, for the end of a process in the middle of them. */
@Injectable()
class LongWork implements JobTasks, EventHandlers {
  readonly tasks = {
    long: async () => {
      await this.note('job began');
      await sleep(2_000);
      await this.note('job ended');
    },
    endless: async () => {
      await this.note('endless began');
      await new Promise(() => undefined);
    },
  };

  readonly handlers = [
    on(tested, async (tx, { text }) => {
      // Seen by the spec while the handler's own transaction is open.
      await this.note(`${text} began`);
      await sleep(2_000);
      await tx.execute(sql`insert into effects (name) values (${`${text} ended`})`);
    }),
  ];

  constructor(private readonly postgres: Postgres) {}

  private async note(name: string): Promise<void> {
    await this.postgres.execute(sql`insert into effects (name) values (${name})`);
  }
}

const config = loadBusyConfig(process.env);
const background = { jobs: [LongWork], consumers: [LongWork] };

@Module({
  imports: [PlatformModule.with(config, { name: 'product', postgres: true, redis: true, ...background })],
  providers: [LongWork],
})
class BusyProcess {}

await startService({ name: 'product', module: BusyProcess, config });
