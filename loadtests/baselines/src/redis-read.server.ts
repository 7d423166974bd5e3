import { fastify } from 'fastify';
import { Redis } from 'ioredis';
import { host, needed, port } from './environment.ts';
import { product } from './product.ts';

const redis = new Redis(needed('REDIS_URL'));
const KEY = 'baseline:product';
await redis.set(KEY, JSON.stringify(product));

const server = fastify();
server.get('/v1/products/:id', async (_request, reply) => reply.type('application/json').send(await redis.get(KEY)));
await server.listen({ host, port: port() });
