// Run by register.int.spec.ts with `--import register.ts`: one request that calls itself, Postgres and Redis, as a service would.
// Arguments: database URL, Redis URL.
import { once } from 'node:events';
import { createServer, get } from 'node:http';
import { Redis } from 'ioredis';
import pg from 'pg';
import { httpServerMetrics } from '../src/http-server-metrics.ts';
import { stopTracing } from '../src/stop-tracing.ts';

const [databaseUrl, redisUrl] = process.argv.slice(2);
const redis = new Redis(redisUrl);
const pool = new pg.Pool({ connectionString: databaseUrl });
let traceparent = null;

const inner = createServer((request, response) => {
  traceparent = request.headers.traceparent ?? null;
  response.end();
});
const outer = createServer(async (request, response) => {
  const end = httpServerMetrics.begin();
  if (request.url === '/v1/orders/17') {
    await pool.query('select $1::text as answer', ['a-value-that-may-be-personal']);
    await redis.get('a-key-that-may-be-personal');
    await call(inner, '/inner');
  }
  end({ method: 'GET', route: '/v1/orders/:id', status: 200 });
  response.end();
});

async function call(server, path) {
  const [answer] = await once(get(`http://127.0.0.1:${server.address().port}${path}`), 'response');
  await answer.resume().toArray();
}

await Promise.all([inner, outer].map((server) => once(server.listen(0, '127.0.0.1'), 'listening')));
await call(outer, '/health?from=a-probe');
await call(outer, '/v1/orders/17');

const lost = await stopTracing().then(
  () => null,
  (error) => error.message,
);
await pool.end();
redis.disconnect();
inner.close();
outer.close();
// As a service does: an exporter that tries again must not keep the process alive.
process.stdout.write(JSON.stringify({ traceparent, lost, loaded: globalThis.loadedModules }), () => process.exit(0));
