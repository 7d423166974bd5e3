import { isSpanContextValid, trace } from '@opentelemetry/api';
import { createLogger as createWinston, format, transports } from 'winston';
import { currentContext } from './context.ts';
import { counter } from './metrics.ts';
import { redact, redactText } from './redact.ts';

/** error: someone must act now; warn: degraded; info: business events and lifecycle; debug: local. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** What stands beside the message. An Error under any name is written with stack and cause. */
export type LogFields = Record<string, unknown>;

/** Writes lines. Small on purpose: a spec's fake is six functions. */
export interface Logger {
  log(level: LogLevel, message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  /** A logger whose every line carries these fields too. */
  child(fields: LogFields): Logger;
}

/** `destination` is standard output unless a spec wants to read the lines. */
export interface LoggerOptions {
  service: string;
  level: LogLevel;
  version?: string;
  destination?: NodeJS.WritableStream;
}

const levels: Record<LogLevel, number> = { error: 0, warn: 1, info: 2, debug: 3 };

const lines = counter('emporium_log_lines_total', 'Lines logged, by level.', ['level']);

/**
 * One JSON object a line: level, time, service, requestId, traceId, spanId, message, then the fields. Request and trace come from
 * the context of the call; secrets are redacted by name and by form. Does not rotate, ship or sample: the platform reads stdout.
 */
export function createLogger(options: LoggerOptions): Logger {
  const winston = createWinston({
    levels,
    level: options.level,
    format: format.printf((info) => String(info.message)),
    transports: [new transports.Stream({ stream: options.destination ?? process.stdout })],
  });
  const origin = { service: options.service, ...(options.version !== undefined && { version: options.version }) };

  return loggerOf((level, message, fields) => {
    if (levels[level] > levels[options.level]) return;
    lines.inc({ level });
    winston.log({ level, message: toLine(level, origin, message, fields) });
  }, {});
}

/** Says nothing. For specs, and for libs whose caller gave no logger. */
export const silentLogger: Logger = loggerOf(() => undefined, {});

type Write = (level: LogLevel, message: string, fields: LogFields) => void;

function loggerOf(write: Write, own: LogFields): Logger {
  const at = (level: LogLevel) => (message: string, fields?: LogFields) => write(level, message, { ...own, ...fields });
  return {
    log: (level, message, fields) => at(level)(message, fields),
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    child: (fields) => loggerOf(write, { ...own, ...fields }),
  };
}

function toLine(level: LogLevel, origin: LogFields, message: string, fields: LogFields): string {
  const context = currentContext();
  const safe = redact(fields) as LogFields;
  const fixed: LogFields = {
    level,
    time: new Date().toISOString(),
    ...origin,
    requestId: context?.requestId ?? safe.requestId,
    userId: context?.userId ?? safe.userId,
    ...currentSpan(),
    message: redactText(message),
  };
  // A field may not pass for one of the line's own members: `message` of a field would replace what was said.
  const rest = Object.entries(safe).filter(([name]) => !(name in fixed));
  return JSON.stringify({ ...fixed, ...Object.fromEntries(rest) });
}

function currentSpan(): { traceId?: string; spanId?: string } {
  const span = trace.getActiveSpan()?.spanContext();
  return span !== undefined && isSpanContextValid(span) ? { traceId: span.traceId, spanId: span.spanId } : {};
}
