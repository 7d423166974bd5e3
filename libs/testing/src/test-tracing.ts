import { context, propagation, type SpanContext, SpanStatusCode, trace } from '@opentelemetry/api';
import type { NodeSDKConfiguration } from '@opentelemetry/sdk-node';
import { afterAll, beforeAll } from 'vitest';

export interface RecordedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly parentSpanId: string | undefined;
  readonly failed: boolean;
}

export interface TestTracing {
  /** Runs the work as a traced request would. */
  inRequest<Result>(work: (request: SpanContext) => Promise<Result>): Promise<Result>;
  /** Spans that ended so far, oldest first. */
  spans(): RecordedSpan[];
}

/** Turns tracing on for one spec file and records its spans. Patches no module: only spans made by hand are seen. */
export function testTracing(): TestTracing {
  let tracing: Awaited<ReturnType<typeof startRecording>>;
  beforeAll(async () => {
    tracing = await startRecording();
  });
  afterAll(() => tracing.stop());

  return {
    inRequest: (work) => tracing.inRequest(work),
    spans: () => tracing.spans(),
  };
}

async function startRecording() {
  // Loaded by the specs that ask for it: it takes longer to load than most specs to run.
  const { NodeSDK } = await import('@opentelemetry/sdk-node');
  const ended: RecordedSpan[] = [];
  const nothing = async () => undefined;
  const sdk = new NodeSDK({
    ...{ autoDetectResources: false, instrumentations: [], metricReaders: [], logRecordProcessors: [] },
    spanProcessors: [
      { onStart: () => undefined, onEnd: (span) => ended.push(recorded(span)), forceFlush: nothing, shutdown: nothing },
    ],
  });
  sdk.start();
  return {
    inRequest: <Result>(work: (request: SpanContext) => Promise<Result>) =>
      trace.getTracer('spec').startActiveSpan('request', async (span) => {
        try {
          return await work(span.spanContext());
        } finally {
          span.end();
        }
      }),
    spans: () => [...ended],
    stop: async () => {
      await sdk.shutdown();
      for (const part of [trace, context, propagation]) part.disable();
    },
  };
}

type EndedSpan = Parameters<NonNullable<NodeSDKConfiguration['spanProcessors']>[number]['onEnd']>[0];

const recorded = (span: EndedSpan): RecordedSpan => ({
  name: span.name,
  traceId: span.spanContext().traceId,
  parentSpanId: span.parentSpanContext?.spanId,
  failed: span.status.code === SpanStatusCode.ERROR,
});
