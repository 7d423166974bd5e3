import type { UpstreamDefaults, UpstreamSettings } from '@emporium/http-client';
import { z } from 'zod';
import type { ServiceConfig } from '../platform/platform.config.ts';
import type { SheddingSettings } from '../shedding/shedding.ts';
import { everyUpstream, upstreams } from './upstream.settings.ts';

/** What every service has, whatever it is for. */
export interface ServiceSettings<Upstream extends string = string> {
  readonly upstreams: Readonly<Record<Upstream, UpstreamSettings>>;
  /** When it refuses work. */
  readonly shedding: SheddingSettings;
}

type Defaults = Pick<ServiceConfig, 'breakerResetMs' | 'loopDelayMaxMs' | 'inFlightMax'>;

const shedding = {
  loopDelayMaxMs: z.int().min(1).max(60_000),
  inFlightMax: z.int().min(1).max(1_000_000),
};

/** The section `all` of a settings file: what can be said to every service at once. */
export const settingsOfAll = z.strictObject({
  upstreams: z.strictObject({ all: everyUpstream.optional() }).optional(),
  shedding: z.strictObject(shedding).partial().optional(),
});

/**
 * The schema of a service's runtime settings: `serviceSettings(config, { product: { timeoutMs: 800 } }, { checkout })`. Upstreams are given with
 * what is special about their defaults; each of its own sections must have a default, too.
 */
export function serviceSettings<Upstream extends string = never, Own extends z.ZodRawShape = Record<never, never>>(
  { breakerResetMs: resetTimeoutMs, loopDelayMaxMs = 1_000, inFlightMax = 1_000 }: Defaults,
  special: Readonly<Record<Upstream, UpstreamDefaults>> = {} as Record<Upstream, UpstreamDefaults>,
  own: Own = {} as Own,
) {
  const defaults = Object.entries<UpstreamDefaults>(special).map(([name, upstream]) => [
    name,
    { ...upstream, breaker: { resetTimeoutMs, ...upstream.breaker } },
  ]);
  return z.strictObject({
    upstreams: upstreams(Object.fromEntries(defaults)),
    shedding: z
      .strictObject({
        loopDelayMaxMs: shedding.loopDelayMaxMs.default(loopDelayMaxMs),
        inFlightMax: shedding.inFlightMax.default(inFlightMax),
      })
      .prefault({}),
    ...own,
    // zod cannot know the names of a shape that is made from them.
  }) as unknown as z.ZodType<ServiceSettings<Upstream> & z.output<z.ZodObject<Own>>>;
}
