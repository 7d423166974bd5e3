import type { Point } from './recording.ts';

/** The most that was held: the highest rate up to the first period that broke a limit and was not alone. */
export interface Limit {
  readonly requestsPerSecond: number;
  readonly second: number;
  /** What broke first; undefined when nothing did. */
  readonly brokenBy: string | undefined;
}

export const P95_LIMIT_MS = 500;
const ERROR_SHARE = 0.01;

export function limitIn(points: readonly Point[]): Limit | undefined {
  // One slow period is a hiccup; two in a row are the end.
  const broken = points.findIndex((point, index) => {
    const next = points[index + 1];
    return breach(point) !== undefined && (next === undefined || breach(next) !== undefined);
  });
  const held = broken === -1 ? points : points.slice(0, broken);
  const best = held.toSorted((one, other) => other.requestsPerSecond - one.requestsPerSecond)[0];
  if (best === undefined) return undefined;
  const first = points[broken];
  return {
    requestsPerSecond: Math.round(best.requestsPerSecond),
    second: best.second,
    brokenBy: first === undefined ? undefined : breach(first),
  };
}

function breach({ p95Ms, errorShare }: Point): string | undefined {
  if (errorShare >= ERROR_SHARE) return `${(100 * errorShare).toFixed(1)} % errors`;
  if (p95Ms >= P95_LIMIT_MS) return `p95 ${Math.round(p95Ms)} ms`;
  return undefined;
}
