import { isSpanContextValid, trace } from '@opentelemetry/api';
import { createLogger as createWinston, format, transports } from 'winston';
import { currentContext } from './context.ts';
import { LineBatches } from './line-batches.ts';
import { counter } from './metrics.ts';
import { redact, redactText } from './redact.ts';
import { type CountTally, countTally } from './tallies.ts';

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
const linesOf: Record<LogLevel, CountTally> = {
  error: countTally(lines, { level: 'error' }),
  warn: countTally(lines, { level: 'warn' }),
  info: countTally(lines, { level: 'info' }),
  debug: countTally(lines, { level: 'debug' }),
};

/**
 * One JSON object a line: level, time, service, requestId, traceId, spanId, message, then the fields. Request and trace come from
 * the context of the call; secrets are redacted by name and by form. A busy process writes by the batch, up to 20 ms late; warnings and
 * errors are written at once. Does not rotate, ship or sample: the platform reads stdout.
 */
export function createLogger(options: LoggerOptions): Logger {
  // Which lines there are is decided below, line by line: to winston a batch is one message.
  const level = 'error';
  const winston = createWinston({
    levels,
    level,
    format: format.printf((info) => String(info.message)),
    transports: [new transports.Stream({ stream: options.destination ?? process.stdout })],
  });
  const batches = new LineBatches((message) => void winston.log({ level, message }));
  const origin = { service: options.service, ...(options.version !== undefined && { version: options.version }) };

  return loggerOf((level, message, fields) => {
    if (levels[level] > levels[options.level]) return;
    linesOf[level].inc();
    batches.add(toLine(level, origin, message, fields), level === 'error' || level === 'warn');
  }, {});
}

/** Says nothing. For specs, and for libs whose caller gave no logger. */
export const silentLogger: Logger = loggerOf(() => undefined, {});

type Write = (level: LogLevel, message: string, fields: LogFields) => void;

function loggerOf(write: Write, own: LogFields): Logger {
  const at = (level: LogLevel) => (message: string, fields?: LogFields) => write(level, message, { ...own, ...fields });
  return {
    log: (level, message, fields) => write(level, message, { ...own, ...fields }),
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
  const line: LogFields = {
    level,
    time: timeOf(Date.now()),
    ...origin,
    requestId: context?.requestId ?? safe.requestId,
    userId: context?.userId ?? safe.userId,
    ...currentSpan(),
    message: redactText(message),
  };
  // A field may not pass for one of the line's own members: `message` of a field would replace what was said.
  for (const name in safe) if (!(name in line)) line[name] = safe[name];
  return JSON.stringify(line);
}

let lastMs = Number.NaN;
let lastTime = '';

/** Lines of a busy process come several a millisecond. */
function timeOf(ms: number): string {
  if (ms !== lastMs) {
    lastMs = ms;
    lastTime = new Date(ms).toISOString();
  }
  return lastTime;
}

function currentSpan(): { traceId?: string; spanId?: string } {
  const span = trace.getActiveSpan()?.spanContext();
  return span !== undefined && isSpanContextValid(span) ? { traceId: span.traceId, spanId: span.spanId } : {};
}
