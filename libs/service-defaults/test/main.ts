import type { Logger } from '@emporium/telemetry';
import { Inject, Injectable, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Lifecycle, LOGGER, startService } from '../src/index.ts';
import { loadConfig, tinyModule } from './tiny.service.ts';

/** Says when each phase of the end begins. */
@Injectable()
class Phases implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    lifecycle: Lifecycle,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    for (const phase of ['stores', 'background', 'requests'] as const) {
      lifecycle.onStop(phase, 'spec', () => logger.info('phase', { phase }));
    }
  }

  async onApplicationBootstrap(): Promise<void> {
    if (process.env.END_WHILE_STARTING === undefined) return;
    process.kill(process.pid, 'SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 300));
  }

  onModuleDestroy(): void {
    this.logger.info('modules destroyed');
  }
}

const config = loadConfig(process.env);

@Module({ imports: [tinyModule(config)], providers: [Phases] })
class TinyProcess {}

await startService({ name: 'product', module: TinyProcess, config });
