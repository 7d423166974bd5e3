import type { HttpClient } from '@emporium/http-client';
import type { ServiceClients } from '@emporium/service-defaults';
import type { Settings } from '@emporium/settings';
import type { GatewayConfig } from '../config.ts';
import type { GatewaySettings } from '../settings.ts';
import type { UpstreamName } from './routes.ts';

/** One client per service: its connections, its breaker and its bulkhead, so that a slow service cannot use up another's share. */
export class Upstreams {
  constructor(private readonly clients: Readonly<Record<UpstreamName, HttpClient>>) {}

  static connect(clients: ServiceClients, config: GatewayConfig, settings: Settings<GatewaySettings>): Upstreams {
    const client = (name: UpstreamName) =>
      clients.to(name, {
        baseUrl: urlsOf(config)[name],
        settings: () => settings.current.upstreams[name],
        // 503 and 504 are a service's own word on one request, and prove it alive: a purchase that cannot be paid must not close the cart.
        breaker: { isFailure: ({ status }) => status >= 500 && status !== 503 && status !== 504 },
      });
    return new Upstreams({
      user: client('user'),
      product: client('product'),
      order: client('order'),
      payment: client('payment'),
    });
  }

  client(name: UpstreamName): HttpClient {
    return this.clients[name];
  }
}

/** Base address of each service. */
export const urlsOf = (config: GatewayConfig): Readonly<Record<UpstreamName, string>> => ({
  user: config.userServiceUrl,
  product: config.productServiceUrl,
  order: config.orderServiceUrl,
  payment: config.paymentServiceUrl,
});
