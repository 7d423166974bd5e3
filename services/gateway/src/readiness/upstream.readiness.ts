import { HttpClient } from '@emporium/http-client';
import { CONFIG, HealthRegistry, Lifecycle, LOGGER } from '@emporium/service-defaults';
import type { Logger } from '@emporium/telemetry';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { GatewayConfig } from '../config.ts';
import { urlsOf } from '../routing/upstreams.ts';

/** The gateway is ready only when a purchase can work, so when each service behind it is. */
@Injectable()
export class UpstreamReadiness implements OnModuleInit {
  constructor(
    private readonly health: HealthRegistry,
    private readonly lifecycle: Lifecycle,
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    for (const [name, baseUrl] of Object.entries(urlsOf(this.config))) {
      // Its own client: a probe must see the service itself, not the circuit of the traffic.
      const client = new HttpClient({
        name: `${name}-probe`,
        baseUrl,
        timeoutMs: 800,
        connections: 1,
        breaker: { enabled: false },
        logger: this.logger,
      });
      this.health.register({ name, required: true, check: () => mustBeReady(client) });
      this.lifecycle.onStop('stores', `probe of ${name}`, () => client.close());
    }
  }
}

async function mustBeReady(client: HttpClient): Promise<void> {
  const { status } = await client.request({ method: 'GET', path: '/ready' });
  if (status !== 200) throw new Error(`/ready answered ${status}`);
}
