import { closedLoop } from '../load/closed-loop.ts';
import { hasPgbench, pgbenchSelects, preparePgbench } from '../load/pgbench.ts';
import type { BaselineName } from '../platform/bench-platform.ts';
import type { Scenario } from './scenario.ts';

const read = (name: BaselineName): Scenario['open'] => {
  const path = '/v1/products/0b8f3f52-7c8e-4a94-9d0a-6a4f2f6a1c11';
  return ({ baselines }) => closedLoop({ url: baselines[name], connections: 16, next: () => ({ method: 'GET', path }) });
};

const order = (path: string): Scenario['open'] => {
  return ({ baselines }) =>
    closedLoop({ url: baselines['order-transaction'], connections: 8, next: () => ({ method: 'POST', path }) });
};

const orderProcesses = ['baseline-order-transaction', 'postgres'];

/** The least that the same work can cost with the same libraries, by the servers in loadtests/baselines. */
export const baselineScenarios: readonly Scenario[] = [
  { name: 'fastify', title: 'bare Fastify, 1 kB from memory', processes: ['baseline-fastify'], open: read('fastify') },
  { name: 'nest', title: 'Nest on Fastify, the same', processes: ['baseline-nest'], open: read('nest'), yardstick: 'fastify' },
  {
    name: 'proxy',
    title: 'two Fastify hops and one Redis GET',
    processes: ['baseline-proxy', 'baseline-redis-read', 'redis'],
    open: read('proxy'),
    yardstick: 'fastify',
  },
  {
    name: 'order-transaction',
    title: 'HTTP, begin, four statements, commit',
    processes: orderProcesses,
    open: order('/transaction'),
  },
  {
    name: 'order-one-statement',
    title: 'the same four as one statement',
    processes: orderProcesses,
    open: order('/one-statement'),
    yardstick: 'order-transaction',
  },
  {
    name: 'select',
    title: 'select by key: pgbench, or pg where there is none',
    processes: ['postgres'],
    open: async ({ baselines, baselineDatabaseUrl, say }) => {
      if (await hasPgbench()) {
        await preparePgbench(baselineDatabaseUrl);
        return pgbenchSelects(baselineDatabaseUrl);
      }
      say('pgbench is not on the PATH: select is asked by pg, in a server of loadtests/baselines');
      return closedLoop({
        url: baselines['order-transaction'],
        connections: 8,
        next: () => ({ method: 'GET', path: '/select' }),
      });
    },
  },
];
