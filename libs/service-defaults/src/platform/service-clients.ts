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
      headers: this.headersFor(name, options.headers),
    });
    this.lifecycle.onStop('stores', `client ${name}`, () => client.close());
    return client;
  }

  /** A token is good for many calls: once it is there, its header is given without a promise. */
  private headersFor(name: string, others: HttpClientOptions['headers']): HttpClientOptions['headers'] {
    let asked: Promise<string> | undefined;
    let ready: Record<string, string> | undefined;
    const make = async (token: Promise<string>) => {
      const headers = { 'x-service-token': await token };
      if (token === asked) ready = headers;
      return headers;
    };
    const own = () => {
      const token = this.tokens.tokenFor(name);
      if (token === asked && ready !== undefined) return ready;
      asked = token;
      ready = undefined;
      return make(token);
    };
    return others === undefined ? own : async () => ({ ...(await others()), ...(await own()) });
  }
}
