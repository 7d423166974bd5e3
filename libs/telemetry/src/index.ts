export type { Counter, Gauge, Histogram, Registry } from 'prom-client';
export {
  currentContext,
  inThisContext,
  isInTransaction,
  type RequestContext,
  regardlessOfDeadline,
  remainingMs,
  requestContext,
  runInContext,
  runInTransaction,
} from './context.ts';
export { httpServerMetrics } from './http-server-metrics.ts';
export { createLogger, type LogFields, type Logger, type LoggerOptions, type LogLevel, silentLogger } from './logger.ts';
export { counter, gauge, histogram, registry, startDefaultMetrics } from './metrics.ts';
export { redact, redactText } from './redact.ts';
export { stopTracing } from './stop-tracing.ts';
export { type CountTally, countTally, type LevelTally, levelTally, type TimeTally, timeTally } from './tallies.ts';
export { continueTrace, currentTraceparent } from './trace-context.ts';
