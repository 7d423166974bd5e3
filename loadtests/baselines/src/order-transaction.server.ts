import { randomUUID } from 'node:crypto';
import { fastify } from 'fastify';
import pg from 'pg';
import { host, needed, port } from './environment.ts';

const PRODUCTS = 20;

const pool = new pg.Pool({ connectionString: needed('DATABASE_URL'), max: 20 });
await pool.query(`
  create table if not exists baseline_products (id int primary key, on_hand int not null, reserved int not null default 0);
  create table if not exists baseline_orders (
    id uuid primary key, customer_id uuid not null, status text not null, total_minor int8 not null,
    created_at timestamptz not null default now());
  create table if not exists baseline_order_lines (
    order_id uuid not null references baseline_orders, product_id int not null, quantity int not null, unit_minor int8 not null,
    primary key (order_id, product_id));
  create table if not exists baseline_outbox (
    id int8 generated always as identity primary key, type text not null, body jsonb not null);
  insert into baseline_products (id, on_hand) select i, 1000000000 from generate_series(1, ${PRODUCTS}) i on conflict do nothing;
`);

const statements = {
  order: {
    name: 'order',
    text: `insert into baseline_orders (id, customer_id, status, total_minor) values ($1, $2, 'pending', $3)`,
  },
  line: {
    name: 'line',
    text: 'insert into baseline_order_lines (order_id, product_id, quantity, unit_minor) values ($1, $2, $3, $4)',
  },
  reserve: {
    name: 'reserve',
    text: 'update baseline_products set on_hand = on_hand - $2, reserved = reserved + $2 where id = $1 and on_hand >= $2',
  },
  event: { name: 'event', text: `insert into baseline_outbox (type, body) values ('order.placed', $1)` },
  all: {
    name: 'all',
    text: `
      with reserved as (
        update baseline_products set on_hand = on_hand - $4, reserved = reserved + $4 where id = $3 and on_hand >= $4 returning id
      ), placed as (
        insert into baseline_orders (id, customer_id, status, total_minor) select $1, $2, 'pending', $5 from reserved returning id
      ), lined as (
        insert into baseline_order_lines (order_id, product_id, quantity, unit_minor) select id, $3, $4, $5 from placed
      )
      insert into baseline_outbox (type, body) select 'order.placed', jsonb_build_object('orderId', id) from placed`,
  },
} as const;

const order = () => ({
  id: randomUUID(),
  customerId: randomUUID(),
  productId: 1 + Math.floor(Math.random() * PRODUCTS),
  quantity: 1,
  minor: 1_299,
});

const server = fastify();

server.post('/transaction', async (_request, reply) => {
  const { id, customerId, productId, quantity, minor } = order();
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query({ ...statements.order, values: [id, customerId, minor] });
    await client.query({ ...statements.line, values: [id, productId, quantity, minor] });
    await client.query({ ...statements.reserve, values: [productId, quantity] });
    await client.query({ ...statements.event, values: [JSON.stringify({ orderId: id })] });
    await client.query('commit');
  } finally {
    client.release();
  }
  return reply.code(201).send({ id, status: 'pending' });
});

server.post('/one-statement', async (_request, reply) => {
  const { id, customerId, productId, quantity, minor } = order();
  await pool.query({ ...statements.all, values: [id, customerId, productId, quantity, minor] });
  return reply.code(201).send({ id, status: 'pending' });
});

server.get('/select', async () => {
  const id = 1 + Math.floor(Math.random() * PRODUCTS);
  const { rows } = await pool.query({
    name: 'select',
    text: 'select on_hand from baseline_products where id = $1',
    values: [id],
  });
  return rows[0];
});

await server.listen({ host, port: port() });
