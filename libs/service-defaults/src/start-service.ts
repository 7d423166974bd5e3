import { createLogger } from '@emporium/telemetry';
import { createApp, type RunningService, type ServiceOptions } from './create-app.ts';
import { endWithProcess } from './platform/process-end.ts';

/** Runs a service until the process is told to end: what `main.ts` calls. A start that fails ends the process with code 1 and a log line. */
export async function startService(options: ServiceOptions): Promise<void> {
  let service: RunningService | undefined;
  try {
    service = await createApp(options);
    endWithProcess(service.lifecycle, service.logger);
    const addresses = await service.listen();
    service.logger.info('started', { ...addresses, nodeEnv: options.config.nodeEnv });
  } catch (error) {
    // Told to end while it started: the end goes its way, and the start had to fail.
    if (service?.lifecycle.stopping) return;
    const logger = service?.logger ?? createLogger({ service: options.name, level: options.config.logLevel });
    logger.error('could not start', { error });
    await service?.lifecycle.stop('start failed', 0);
    process.exit(1);
  }
}
