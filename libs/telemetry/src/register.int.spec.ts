import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

interface Outcome {
  traceparent: string | null;
  lost: string | null;
  loaded: string[];
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const stores = [process.env.TEST_DATABASE_URL ?? '', process.env.TEST_REDIS_URL ?? ''];

async function runService(environment: Record<string, string>): Promise<Outcome> {
  const imports = ['--import', here('../test/record-loads.mjs'), '--import', here('./register.ts')];
  const clean = { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: '', NODE_OPTIONS: '' };
  const { stdout } = await promisify(execFile)(process.execPath, [...imports, here('../test/traced-service.mjs'), ...stores], {
    env: { ...clean, ...environment },
  });
  return JSON.parse(stdout);
}

describe('register', () => {
  let collector: Server;
  let endpoint: string;
  let received: { path: string | undefined; text: string }[];

  beforeEach(async () => {
    received = [];
    collector = createServer(async (request, response) => {
      // Protobuf keeps texts as they are; names and attributes can be searched for without decoding it.
      received.push({ path: request.url, text: Buffer.concat(await request.toArray()).toString('latin1') });
      response.setHeader('content-type', 'application/x-protobuf').end();
    });
    await once(collector.listen(0, '127.0.0.1'), 'listening');
    endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    collector.closeAllConnections();
    collector.close();
    await once(collector, 'close');
  });

  it('traces ES modules: http in and out, Postgres and Redis arrive at the collector in one trace', async () => {
    const outcome = await runService({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SERVICE_NAME: 'order' });

    const spans = received.map(({ text }) => text).join('');
    const traceId = outcome.traceparent?.split('-')[1] ?? 'none';
    const rawTraceId = Buffer.from(traceId, 'hex').toString('latin1');
    expect(received.map(({ path }) => path)).toEqual(['/v1/traces']);
    expect(traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(spans).toContain('order');
    expect(spans).toContain('GET /v1/orders/:id');
    expect(spans).toContain('select $1::text as answer');
    expect(spans).toContain('instrumentation-ioredis');
    // Five spans: the request, the query, the Redis command, the call out, and the call as its server saw it.
    expect(spans.split(rawTraceId)).toHaveLength(6);
  });

  it('keeps values, keys and probes out of the spans', async () => {
    await runService({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });

    const spans = received.map(({ text }) => text).join('');
    expect(spans).toContain('select $1::text as answer');
    expect(spans).not.toContain('may-be-personal');
    expect(spans).not.toContain('/health');
  });

  it('loads nothing and sends nothing when the endpoint is not set', async () => {
    const without = await runService({});
    const withEndpoint = await runService({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });

    expect(without).toEqual({ traceparent: null, lost: null, loaded: [] });
    expect(withEndpoint.loaded.length).toBeGreaterThan(50);
    expect(received).toHaveLength(1);
  });

  it('serves all the same when nobody collects, and says so at the end', async () => {
    const nobody = 'http://127.0.0.1:9';

    const outcome = await runService({ OTEL_EXPORTER_OTLP_ENDPOINT: nobody });

    expect(outcome.traceparent).not.toBeNull();
    expect(outcome.lost).toBe('The last spans were not taken within 2000 ms.');
  });
});
