import { isSpanContextValid, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

/** `traceparent` of the work in hand, as W3C writes it, for what is stored now and done later; undefined when nothing is traced. */
export function currentTraceparent(): string | undefined {
  const span = trace.getActiveSpan()?.spanContext();
  if (span === undefined || !isSpanContextValid(span)) return undefined;
  return `00-${span.traceId}-${span.spanId}-${(span.traceFlags & 0xff).toString(16).padStart(2, '0')}`;
}

/**
 * Runs what a stored `traceparent` led to, as a span of that trace. Without one, or with one that cannot be read, just runs it:
 * without tracing there never is one. The span says whether the work failed, not why: that is in the log.
 */
export async function continueTrace<Result>(
  name: string,
  traceparent: string | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  const parent = traceparent === undefined ? undefined : parse(traceparent);
  if (parent === undefined) return work();
  const from = trace.setSpanContext(ROOT_CONTEXT, parent);
  return trace.getTracer('emporium').startActiveSpan(name, { kind: SpanKind.CONSUMER }, from, async (span) => {
    try {
      return await work();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}

function parse(traceparent: string) {
  const [, traceId = '', spanId = '', flags = ''] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent) ?? [];
  const parent = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return isSpanContextValid(parent) ? parent : undefined;
}
