import { trace } from '@opentelemetry/api';
import { counter, gauge, histogram } from './metrics.ts';
import { type CountTally, countTally, levelTally, type TimeTally, timeTally } from './tallies.ts';

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
const underWay = levelTally(inFlight);

/** The series of one method and route. */
interface Series {
  readonly duration: TimeTally;
  readonly statuses: Map<number, CountTally>;
}

const known = new Map<string, Series>();

function seriesOf(method: string, route: string): Series {
  const key = `${method} ${route}`;
  let series = known.get(key);
  if (series === undefined) {
    series = { duration: timeTally(duration, { method, route }), statuses: new Map() };
    known.set(key, series);
  }
  return series;
}

function countOf({ statuses }: Series, method: string, route: string, status: number): CountTally {
  let count = statuses.get(status);
  if (count === undefined) {
    count = countTally(requests, { method, route, status: String(status) });
    statuses.set(status, count);
  }
  return count;
}

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
    underWay.add(1);

    return ({ method, route = 'unknown', status }) => {
      if (ended) return;
      ended = true;
      underWay.add(-1);
      const label = methods.has(method) ? method : 'OTHER';
      span?.updateName(`${label} ${route}`).setAttribute('http.route', route);
      const series = seriesOf(label, route);
      countOf(series, label, route, status).inc();
      series.duration.observe((performance.now() - startedAt) / 1000);
    };
  },
};
