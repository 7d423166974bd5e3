import { HttpClient, type HttpClientOptions } from '@emporium/http-client';
import type { Logger } from '@emporium/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import { Lifecycle } from './lifecycle.ts';
import type { ServiceConfig } from './platform.config.ts';
import { CONFIG, LOGGER, ServiceTokens } from './tokens.ts';

/** Makes clients for other services: each call carries a service token, and connections end with the process. */
@Injectable()
export class ServiceClients {
  constructor(
    private readonly tokens: ServiceTokens,
    private readonly lifecycle: Lifecycle,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(CONFIG) private readonly config: Pick<ServiceConfig, 'breakerResetMs' | 'connectionAgeMs'>,
  ) {}

  /** `clients.to('product', { baseUrl, timeoutMs })`. The name is the audience of the token and the label of metrics. */
  to(name: string, options: Omit<HttpClientOptions, 'name' | 'logger'>): HttpClient {
    const client = new HttpClient({
      connectionAgeMs: this.config.connectionAgeMs,
      ...options,
      name,
      logger: this.logger,
      breaker: { resetTimeoutMs: this.config.breakerResetMs, ...options.breaker },
      headers: async () => ({ ...(await options.headers?.()), 'x-service-token': await this.tokens.tokenFor(name) }),
    });
    this.lifecycle.onStop('stores', `client ${name}`, () => client.close());
    return client;
  }
}
