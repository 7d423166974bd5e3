import { trace } from '@opentelemetry/api';
import { counter, gauge, histogram } from './metrics.ts';

const requests = counter('emporium_http_requests_total', 'Requests answered, by method, route and status.', [
  'method',
  'route',
  'status',
]);
const duration = histogram('emporium_http_request_duration_seconds', 'Time from request to answer, by method and route.', [
  'method',
  'route',
]);
const inFlight = gauge('emporium_http_requests_in_flight', 'Requests being worked on.');

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/**
 * Rate, errors and duration of a server. `route` is the pattern (`/v1/orders/:id`), never the path, or every id becomes a series;
 * undefined stands for "no such route". An unknown method counts as OTHER. The request's span gets the route for its name too.
 */
export const httpServerMetrics = {
  requests,
  duration,
  inFlight,

  /** Call once per request; the function it returns, once per answer (later calls count nothing). */
  begin(): (answer: { method: string; route: string | undefined; status: number }) => void {
    const startedAt = performance.now();
    let ended = false;
    const span = trace.getActiveSpan();
    inFlight.inc();

    return ({ method, route = 'unknown', status }) => {
      if (ended) return;
      ended = true;
      inFlight.dec();
      const labels = { method: methods.has(method) ? method : 'OTHER', route };
      span?.updateName(`${labels.method} ${route}`).setAttribute('http.route', route);
      requests.inc({ ...labels, status: String(status) });
      duration.observe(labels, (performance.now() - startedAt) / 1000);
    };
  },
};
