import { fastify } from 'fastify';
import { Pool } from 'undici';
import { host, needed, port } from './environment.ts';

// Small bodies are cheaper buffered than streamed.
const upstream = new Pool(needed('UPSTREAM_URL'), { connections: 64 });
const server = fastify();
server.get('/v1/products/:id', async (request, reply) => {
  const { statusCode, headers, body } = await upstream.request({ method: 'GET', path: request.raw.url ?? '/' });
  const bytes = Buffer.from(await body.arrayBuffer());
  return reply
    .code(statusCode)
    .header('content-type', headers['content-type'] ?? 'application/json')
    .send(bytes);
});
await server.listen({ host, port: port() });
