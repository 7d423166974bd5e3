import type { AdaptiveLimitSettings } from '@emporium/admission';
import { serviceSettings } from '@emporium/service-defaults';
import { z } from 'zod';
import type { GatewayConfig } from './config.ts';
import { type Limit, type LimitClass, type Limits, scaled, usualLimits } from './limits/limits.ts';
import { type Concurrency, scaledConcurrency, usualConcurrency } from './shedding/concurrency.ts';

/** A service that has not answered by then is answered for: 504, before the client's three seconds are over. */
const timeoutMs = 2_900;

/** What may change while the gateway runs; the configuration gives the defaults. */
export function gatewaySettings(config: GatewayConfig) {
  const upstream = { timeoutMs, bulkhead: { maxConcurrent: config.upstreamConcurrency } };
  return serviceSettings(
    config,
    { user: upstream, product: upstream, order: upstream, payment: upstream },
    {
      limits: limits(usualLimits(config.nodeEnv), config.rateLimitPercent),
      concurrency: concurrency(config.concurrencyPercent),
    },
  );
}

export type GatewaySettings = z.output<ReturnType<typeof gatewaySettings>>;

/** Each class has its limit, and `percent` scales them all; what comes out is scaled already. */
const limits = (usual: Limits, percent: number) =>
  z
    .strictObject({ percent: z.int().min(1).max(1_000_000).default(percent), ...eachOf(usual, limitOf) })
    .transform(({ percent, ...each }) => ({ percent, ...scaled(each as Limits, percent / 100) }))
    .prefault({});

/** As above, but for calls at a time: times stay what they are. */
const concurrency = (percent: number) =>
  z
    .strictObject({ percent: z.int().min(1).max(100_000).default(percent), ...eachOf(usualConcurrency, concurrencyOf) })
    .transform(({ percent, ...each }) => ({ percent, ...scaledConcurrency(each as Concurrency, percent / 100) }))
    .prefault({});

const eachOf = <Usual, Schema>(usual: Readonly<Record<LimitClass, Usual>>, schemaOf: (usual: Usual) => Schema) =>
  Object.fromEntries(Object.entries<Usual>(usual).map(([name, each]) => [name, schemaOf(each)])) as Record<LimitClass, Schema>;

const limitOf = (usual: Limit) =>
  z
    .strictObject({
      perMinute: z.number().positive().max(100_000_000).default(usual.perMinute),
      burst: z.int().min(1).max(10_000_000).default(usual.burst),
    })
    .prefault({});

const concurrencyOf = (usual: AdaptiveLimitSettings) =>
  z
    .strictObject({
      min: z.int().min(1).max(100_000).default(usual.min),
      start: z.int().min(1).max(100_000).default(usual.start),
      max: z.int().min(1).max(100_000).default(usual.max),
      targetMs: z.int().min(1).max(60_000).default(usual.targetMs),
    })
    .refine(({ min, start, max }) => min <= start && start <= max, 'must not begin below min, nor above max')
    .prefault({});
