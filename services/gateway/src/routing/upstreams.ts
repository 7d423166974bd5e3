import type { HttpClient } from '@emporium/http-client';
import type { UpstreamName } from './routes.ts';

/** One client per service: its connections, its breaker and its bulkhead, so that a slow service cannot use up another's share. */
export class Upstreams {
  constructor(private readonly clients: Readonly<Record<UpstreamName, HttpClient>>) {}

  client(name: UpstreamName): HttpClient {
    return this.clients[name];
  }
}
