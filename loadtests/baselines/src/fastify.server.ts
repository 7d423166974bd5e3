import { fastify } from 'fastify';
import { host, port } from './environment.ts';
import { product } from './product.ts';

const server = fastify();
server.get('/v1/products/:id', async () => product);
await server.listen({ host, port: port() });
