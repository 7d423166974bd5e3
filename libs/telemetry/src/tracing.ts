import type { IncomingMessage } from 'node:http';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { IORedisInstrumentation } from '@opentelemetry/instrumentation-ioredis';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { register } from 'import-in-the-middle/register-hooks.mjs';
import { whenTracingStops } from './stop-tracing.ts';

/** Asked every few seconds by machines; their spans would bury the customers'. */
const probes = new Set(['/health', '/ready', '/health/ready', '/health/deep', '/metrics']);

const isProbe = (request: IncomingMessage): boolean => probes.has(request.url?.split('?')[0] ?? '');

/**
 * Only these pass through the loader hook, without which `import … from 'pg'` would reach the unpatched module. Wrapping every module
 * of a service costs start time, and some packages break when wrapped. Undici needs no hook: it publishes what it does.
 */
const hookedModules = ['pg', 'pg-pool', 'ioredis'];

/**
 * Spans of http, undici, pg and ioredis, sent by OTLP over HTTP in batches. Everything else is set by OpenTelemetry's own variables
 * (OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER …). Redis keys, SQL values and bodies are never recorded.
 */
export function startTracing(): void {
  register({ include: hookedModules });

  const sdk = new NodeSDK({
    traceExporter: new OTLPTraceExporter(),
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: [
      new HttpInstrumentation({ ignoreIncomingRequestHook: isProbe, requireParentforOutgoingSpans: true }),
      new UndiciInstrumentation({ requireParentforSpans: true }),
      new PgInstrumentation({ requireParentSpan: true, ignoreConnectSpans: true }),
      new IORedisInstrumentation({ requireParentSpan: true, dbStatementSerializer: (command) => command }),
    ],
  });
  sdk.start();
  patchHttp();
  whenTracingStops(() => sdk.shutdown());
}

/**
 * The instrumentation patches http once, in whichever form is asked for first. Had a `require` come before an `import`, the named
 * imports of ES modules would stay unpatched: so it is required here, and the ES module is then brought level with it.
 */
function patchHttp(): void {
  const require = createRequire(import.meta.url);
  require('node:http');
  require('node:https');
  syncBuiltinESMExports();
}
