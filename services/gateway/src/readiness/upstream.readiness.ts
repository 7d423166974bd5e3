import { setTimeout as sleep } from 'node:timers/promises';
import { HttpClient } from '@emporium/http-client';
import { CONFIG, HealthRegistry, Lifecycle, LOGGER } from '@emporium/service-defaults';
import type { Logger } from '@emporium/telemetry';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { GatewayConfig } from '../config.ts';
import { urlsOf } from '../routing/upstreams.ts';

/** Less than the second that a check gets. */
const timeoutMs = 800;
const pauseMs = 100;

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
        timeoutMs,
        connections: 1,
        breaker: { enabled: false },
        logger: this.logger,
      });
      this.health.register({ name, required: true, check: () => mustBeReady(client) });
      this.lifecycle.onStop('stores', `probe of ${name}`, () => client.close());
    }
  }
}

/**
 * A replica that is about to end says so and closes the connection; the next question may find another one. For the moment in which the
 * balancer has not noticed, the service is not down: taking every gateway out of rotation for it would be an outage.
 */
async function mustBeReady(client: HttpClient): Promise<void> {
  const endsAt = Date.now() + timeoutMs;
  for (;;) {
    const { status, body } = await client.request({ method: 'GET', path: '/ready' });
    if (status === 200) return;
    if (!body.includes('"stopping"') || Date.now() + pauseMs > endsAt) throw new Error(`/ready answered ${status}`);
    await sleep(pauseMs);
  }
}
