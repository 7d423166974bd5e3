import { createHash } from 'node:crypto';
import { LOGGER } from '@emporium/service-defaults';
import type { Logger } from '@emporium/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import { routes, type UpstreamName, upstreamNames } from '../routing/routes.ts';
import { Upstreams } from '../routing/upstreams.ts';
import { merge } from './merge.ts';
import { type OpenApiDocument, openApiDocument } from './open-api.ts';

/** The document as it is sent. */
export interface ApiDocument {
  readonly text: string;
  readonly etag: string;
}

const freshForMs = 60_000;
/** A service was missing: whoever looks at the page while everything starts should not look at half of it for a minute. */
const incompleteForMs = 2_000;

/** The OpenAPI document of the whole, made of what the services say of themselves; a service that is down keeps its last word. */
@Injectable()
export class ApiDocsService {
  private readonly latest = new Map<UpstreamName, OpenApiDocument>();
  private document: ApiDocument | undefined;
  private freshUntil = 0;
  private asking: Promise<ApiDocument> | undefined;

  constructor(
    private readonly upstreams: Upstreams,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Asks the services once for all callers at a time; an old document is renewed in the background. Never fails. */
  current(): ApiDocument | Promise<ApiDocument> {
    if (this.document !== undefined && performance.now() < this.freshUntil) return this.document;
    this.asking ??= this.make().finally(() => {
      this.asking = undefined;
    });
    return this.document ?? this.asking;
  }

  private async make(): Promise<ApiDocument> {
    const answers = await Promise.all(upstreamNames.map((name) => this.ask(name)));
    const text = JSON.stringify(merge(this.latest, routes));
    this.document = { text, etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"` };
    this.freshUntil = performance.now() + (answers.every(Boolean) ? freshForMs : incompleteForMs);
    return this.document;
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
