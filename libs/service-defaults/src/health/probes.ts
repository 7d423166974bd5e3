import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Lifecycle } from '../platform/lifecycle.ts';
import type { HealthRegistry } from './health.registry.ts';

/** The probes of the service port. They say what works, never why not: that is on the management port. */
export function addProbes(fastify: FastifyInstance, health: HealthRegistry, lifecycle: Lifecycle): void {
  const config = { access: { kind: 'open' }, priority: 'probe' } as const;

  // Depends on nothing: a restart does not mend a dependency, and restarting every service at once makes an outage of it.
  fastify.get('/health', { config }, () => ({ status: 'ok' }));

  const ready = async (_: unknown, reply: FastifyReply) => {
    const report = await health.report();
    const isReady = report.ready && !lifecycle.stopping;
    const checks = report.checks.map(({ name, required, status }) => ({ name, required, status }));
    return reply
      .code(isReady ? 200 : 503)
      .send({ status: lifecycle.stopping ? 'stopping' : isReady ? 'ready' : 'not-ready', checks });
  };
  fastify.get('/ready', { config }, ready);
  fastify.get('/health/ready', { config }, ready);
}
