import { type UpstreamDefaults, type UpstreamSettings, upstreamSettings } from '@emporium/http-client';
import { laidOver } from '@emporium/settings';
import { z } from 'zod';

const timeoutMs = z.int().min(1).max(60_000);
const breaker = {
  errorThresholdPercentage: z.number().min(1).max(100),
  resetTimeoutMs: z.int().min(10).max(3_600_000),
  volumeThreshold: z.int().min(1).max(100_000),
  enabled: z.boolean(),
};
const maxConcurrent = z.int().min(1).max(100_000);
const retry = {
  attempts: z.int().min(0).max(5),
  budgetRatio: z.number().min(0).max(0.5),
};

/** Some settings of an upstream, as they are said for all of them. */
export const everyUpstream = z.strictObject({
  timeoutMs: timeoutMs.optional(),
  breaker: z.strictObject(breaker).partial().optional(),
  bulkhead: z.strictObject({ maxConcurrent }).partial().optional(),
  retry: z.strictObject(retry).partial().optional(),
});

/**
 * Settings of the upstreams of a service, by name, with their defaults: `upstreams({ product: { timeoutMs: 800 } })`. In a file
 * `upstreams.all` holds for each of them that does not say otherwise.
 */
export function upstreams(defaults: Readonly<Record<string, UpstreamDefaults>>) {
  const names = Object.keys(defaults);
  const each = Object.entries(defaults).map(([name, its]) => [name, upstream(upstreamSettings(its))]);
  return z
    .preprocess((given) => spread(given, names), z.strictObject({ all: everyUpstream.optional(), ...Object.fromEntries(each) }))
    .prefault({});
}

const upstream = ({ timeoutMs: time, breaker: circuit, bulkhead, retry: again }: UpstreamSettings) =>
  z
    .strictObject({
      timeoutMs: timeoutMs.default(time),
      breaker: z
        .strictObject({
          errorThresholdPercentage: breaker.errorThresholdPercentage.default(circuit.errorThresholdPercentage),
          resetTimeoutMs: breaker.resetTimeoutMs.default(circuit.resetTimeoutMs),
          volumeThreshold: breaker.volumeThreshold.default(circuit.volumeThreshold),
          enabled: breaker.enabled.default(circuit.enabled),
        })
        .prefault({}),
      bulkhead: z.strictObject({ maxConcurrent: maxConcurrent.default(bulkhead.maxConcurrent) }).prefault({}),
      retry: z
        .strictObject({
          attempts: retry.attempts.default(again.attempts),
          budgetRatio: retry.budgetRatio.default(again.budgetRatio),
        })
        .prefault({}),
    })
    .prefault({});

/** Lays each upstream over what is said for all. What has the wrong shape stays as it is: the schema says what is wrong with it. */
function spread(given: unknown, names: readonly string[]): unknown {
  if (!isTree(given) || !isTree(given.all)) return given;
  const { all } = given;
  return { ...given, ...Object.fromEntries(names.map((name) => [name, laidOver(all, given[name] ?? {})])) };
}

const isTree = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
