import autocannon from 'autocannon';
import type { Drive } from './drive.ts';

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

export interface ClosedLoopOptions {
  readonly url: string;
  readonly connections: number;
  readonly next: () => Call;
}

/** As many callers as connections, each of which asks again as soon as it was answered. Throws when anything but 2xx came back. */
export function closedLoop({ url, connections, next }: ClosedLoopOptions): Drive {
  return async (extent) => {
    const result = await autocannon({
      url,
      connections,
      // Only at a sample it notices that all is answered.
      sampleInt: 20,
      ...('amount' in extent ? { amount: Math.max(connections, extent.amount) } : { duration: extent.seconds }),
      requests: [{ setupRequest: (request) => ({ ...request, ...toRequest(next()) }) }],
    });
    const { non2xx, errors, timeouts } = result;
    if (non2xx + errors + timeouts > 0) {
      const statuses = Object.entries(result.statusCodeStats ?? {}).map(([status, { count }]) => `${count} × ${status}`);
      throw new Error(`${url} answered ${statuses.join(', ')}; ${errors} errors, ${timeouts} time-outs: no figure.`);
    }
    return { done: result['2xx'], p50Ms: result.latency.p50, p99Ms: result.latency.p99, bytes: result.throughput.total };
  };
}

function toRequest({ method, path, headers, body }: Call) {
  const json = body === undefined ? undefined : JSON.stringify(body);
  return { method, path, headers: { ...headers, ...(json !== undefined && { 'content-type': 'application/json' }) }, body: json };
}
