import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Settings } from '@emporium/settings';
import { type Logger, registry, startDefaultMetrics } from '@emporium/telemetry';
import type { HealthRegistry } from './health.registry.ts';

type Answer = { status: number; type: string; body: string };

/** Serves `/metrics`, `/health/deep` and `/settings` to operators. Its port must never be routed publicly. */
export function createManagementServer(health: HealthRegistry, settings: Settings<unknown>, logger: Logger): Server {
  startDefaultMetrics();
  const routes: Record<string, () => Promise<Answer>> = {
    '/metrics': async () => ({ status: 200, type: registry.contentType, body: await registry.metrics() }),
    '/health': async () => json(200, { status: 'ok' }),
    '/health/deep': async () => {
      const report = await health.report();
      return json(report.ready ? 200 : 503, { status: report.ready ? 'ready' : 'not-ready', checks: report.checks });
    },
    '/settings': async () => json(200, settings.report()),
  };

  return createServer((request: IncomingMessage, response: ServerResponse) => {
    const route = routes[(request.url ?? '').split('?', 1)[0] ?? ''];
    const answer = route === undefined ? Promise.resolve(json(404, { status: 'not-found' })) : route();
    answer
      .catch((error: unknown) => {
        logger.error('management request failed', { error, path: request.url });
        return json(500, { status: 'failed' });
      })
      .then(({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body));
  });
}

const json = (status: number, body: unknown): Answer => ({ status, type: 'application/json', body: JSON.stringify(body) });
