/**
 * Loaded before everything else: `node --import @emporium/telemetry/register dist/main.js`. Starts tracing when
 * OTEL_EXPORTER_OTLP_ENDPOINT is set; otherwise loads nothing, so that a process without a collector pays nothing.
 * Does not export metrics or logs: Prometheus fetches the ones, the platform reads the others from standard output.
 */
if (process.env.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined && process.env.OTEL_EXPORTER_OTLP_ENDPOINT !== '') {
  const { startTracing } = await import('./tracing.ts');
  startTracing();
}
