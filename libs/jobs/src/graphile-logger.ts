import type { Logger } from '@emporium/telemetry';
import { Logger as GraphileLogger } from 'graphile-worker';

/** graphile-worker's own messages. Its line for every job is dropped: the outcome of a job is told once, by `runTask`. */
export function toGraphileLogger(logger: Logger): GraphileLogger {
  return new GraphileLogger(() => (level, message, meta) => {
    if (meta !== undefined && ('failure' in meta || 'success' in meta)) return;
    logger.log(level === 'info' ? 'debug' : level === 'warning' ? 'warn' : level, message, { error: meta?.error });
  });
}
