import type { Logger } from '@emporium/telemetry';
import type { LoggerService } from '@nestjs/common';

/** Nest's own lines in ours. Its start-up chatter is debug. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: unknown): void {
    this.logger.debug(String(message), { context });
  }

  warn(message: unknown, context?: unknown): void {
    this.logger.warn(String(message), { context });
  }

  error(message: unknown, ...details: unknown[]): void {
    this.logger.error(message instanceof Error ? message.message : String(message), { error: message, details });
  }
}
