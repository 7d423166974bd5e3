import { serviceSettings } from '@emporium/service-defaults';
import { z } from 'zod';
import type { GatewayConfig } from './config.ts';
import { type Limit, type LimitClass, type Limits, scaled, usualLimits } from './limits/limits.ts';

/** A service that has not answered by then is answered for: 504, before the client's three seconds are over. */
const timeoutMs = 2_900;

/** What may change while the gateway runs; the configuration gives the defaults. */
export function gatewaySettings(config: GatewayConfig) {
  const upstream = { timeoutMs, bulkhead: { maxConcurrent: config.upstreamConcurrency } };
  return serviceSettings(
    config,
    { user: upstream, product: upstream, order: upstream, payment: upstream },
    { limits: limits(usualLimits(config.nodeEnv), config.rateLimitPercent) },
  );
}

export type GatewaySettings = z.output<ReturnType<typeof gatewaySettings>>;

/** Each class has its limit, and `percent` scales them all; what comes out is scaled already. */
const limits = (usual: Limits, percent: number) =>
  z
    .strictObject({ percent: z.int().min(1).max(1_000_000).default(percent), ...eachOf(usual) })
    .transform(({ percent, ...each }) => ({ percent, ...scaled(each as Limits, percent / 100) }))
    .prefault({});

const eachOf = (usual: Limits) =>
  Object.fromEntries(Object.entries(usual).map(([name, limit]) => [name, limitOf(limit)])) as Record<
    LimitClass,
    ReturnType<typeof limitOf>
  >;

const limitOf = (usual: Limit) =>
  z
    .strictObject({
      perMinute: z.number().positive().max(100_000_000).default(usual.perMinute),
      burst: z.int().min(1).max(10_000_000).default(usual.burst),
    })
    .prefault({});
