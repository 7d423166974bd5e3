import { HttpClient } from '@emporium/http-client';
import { HealthRegistry, LOGGER } from '@emporium/service-defaults';
import type { Logger } from '@emporium/telemetry';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { UpstreamName } from '../routing/routes.ts';

/** Injection token: base address of each service. */
export const UPSTREAM_URLS = Symbol('upstream urls');

/** The gateway is ready only when a purchase can work, so when each service behind it is. */
@Injectable()
export class UpstreamReadiness implements OnModuleInit {
  constructor(
    private readonly health: HealthRegistry,
    @Inject(UPSTREAM_URLS) private readonly urls: Readonly<Record<UpstreamName, string>>,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    for (const [name, baseUrl] of Object.entries(this.urls)) {
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
    }
  }
}

async function mustBeReady(client: HttpClient): Promise<void> {
  const { status } = await client.request({ method: 'GET', path: '/ready' });
  if (status !== 200) throw new Error(`/ready answered ${status}`);
}
