import { type Logger, stopTracing } from '@emporium/telemetry';
import type { Lifecycle } from './lifecycle.ts';

/**
 * Ties a service to its process: SIGTERM and SIGINT end it in order, with code 0 if all went well. Supervisors repeat SIGTERM, and
 * that changes nothing; a person who presses Ctrl-C while it ends has it end at once. What nobody caught ends it too, with a log line
 * and code 1: the state of the process is unknown from then on, and whoever runs it starts a new one.
 */
export function endWithProcess(lifecycle: Lifecycle, logger: Logger): void {
  let signalled = false;
  const onSignal = async (signal: NodeJS.Signals) => {
    if (signalled && signal === 'SIGINT') process.exit(1);
    if (signalled) return;
    signalled = true;
    const clean = await lifecycle.stop(signal);
    await sendLastSpans(logger);
    process.exit(clean ? 0 : 1);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);

  const onCrash = (what: string) => async (error: unknown) => {
    logger.error(what, { error });
    await lifecycle.stop(what, 0);
    await sendLastSpans(logger);
    process.exit(1);
  };
  process.on('unhandledRejection', onCrash('unhandled rejection'));
  process.on('uncaughtException', onCrash('uncaught exception'));
}

/** After everything that can make spans. With the 14 s of the lifecycle before it, a service ends within 15 s. */
async function sendLastSpans(logger: Logger): Promise<void> {
  try {
    await stopTracing(1_000);
  } catch (error) {
    logger.warn('spans were lost', { error });
  }
}
