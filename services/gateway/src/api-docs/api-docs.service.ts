import { LOGGER } from '@emporium/service-defaults';
import type { Logger } from '@emporium/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import { routes, type UpstreamName } from '../routing/routes.ts';
import { Upstreams } from '../routing/upstreams.ts';
import { merge, type OpenApiDocument, openApiDocument } from './merge.ts';

const names: readonly UpstreamName[] = ['user', 'product', 'order', 'payment'];
const freshForMs = 60_000;

/** The OpenAPI document of the whole, made of what the services say of themselves; a service that is down keeps its last word. */
@Injectable()
export class ApiDocsService {
  private readonly latest = new Map<UpstreamName, OpenApiDocument>();
  private askedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly upstreams: Upstreams,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async document(): Promise<OpenApiDocument> {
    if (Date.now() - this.askedAt > freshForMs) {
      const answers = await Promise.all(names.map((name) => this.ask(name)));
      if (answers.every(Boolean)) this.askedAt = Date.now();
    }
    return merge(
      names.flatMap((name) => this.latest.get(name) ?? []),
      routes,
    );
  }

  private async ask(name: UpstreamName): Promise<boolean> {
    try {
      this.latest.set(name, await this.upstreams.client(name).get('/openapi.json', openApiDocument));
      return true;
    } catch (error) {
      this.logger.warn('a service did not describe itself', { upstream: name, error });
      return false;
    }
  }
}
