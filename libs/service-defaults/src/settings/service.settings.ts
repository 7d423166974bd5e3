import type { UpstreamDefaults, UpstreamSettings } from '@emporium/http-client';
import { z } from 'zod';
import type { SheddingSettings } from '../shedding/shedding.ts';
import { everyUpstream, upstreams } from './upstream.settings.ts';

/** What every service has, whatever it is for. */
export interface ServiceSettings<Upstream extends string = string> {
  readonly upstreams: Readonly<Record<Upstream, UpstreamSettings>>;
  /** When it refuses work, if that may change while it runs; otherwise the configuration says so. */
  readonly shedding?: SheddingSettings;
}

/** The section `all` of a settings file: what can be said to every service at once. */
export const settingsOfAll = z.strictObject({ upstreams: z.strictObject({ all: everyUpstream.optional() }).optional() });

/**
 * The schema of a service's runtime settings: `serviceSettings({ product: { timeoutMs: 800 } }, { checkout })`. Upstreams are given with their
 * defaults; each of its own sections must have a default, too.
 */
export const serviceSettings = <Upstream extends string, Own extends z.ZodRawShape = Record<never, never>>(
  upstreamDefaults: Readonly<Record<Upstream, UpstreamDefaults>>,
  own: Own = {} as Own,
) =>
  z.strictObject({ upstreams: upstreams(upstreamDefaults), ...own }) as unknown as z.ZodType<
    ServiceSettings<Upstream> & z.output<z.ZodObject<Own>>
  >;
