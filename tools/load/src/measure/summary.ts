/** The parts of k6's summary that we read (`handleSummary`). */
export interface Summary {
  readonly state: { readonly testRunDurationMs: number };
  readonly metrics: Readonly<Record<string, Metric>>;
}

interface Metric {
  readonly values: Readonly<Record<string, number>>;
  readonly thresholds?: Readonly<Record<string, { readonly ok: boolean }>>;
}

/** How some of the requests went. */
export interface Row {
  readonly name: string;
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly errorShare: number;
}

export interface Threshold {
  readonly metric: string;
  readonly condition: string;
  readonly held: boolean;
}

export interface Books {
  /** Undefined: the comparison was never made. */
  readonly differences: number | undefined;
  readonly ordersLeftPending: number | undefined;
  readonly agree: boolean;
}

const value = ({ metrics }: Summary, metric: string, statistic: string): number | undefined => metrics[metric]?.values[statistic];

/** Rows of one tag: `journey` or `act`. */
export function rowsOf(summary: Summary, tag: string, seconds: number): Row[] {
  const pattern = new RegExp(`^http_req_duration\\{${tag}:(\\w+)\\}$`);
  const names = Object.keys(summary.metrics).flatMap((metric) => pattern.exec(metric)?.[1] ?? []);
  return names.map((name) => rowOf(summary, name, `{${tag}:${name}}`, seconds));
}

function rowOf(summary: Summary, name: string, suffix: string, seconds: number): Row {
  const duration = (statistic: string) => value(summary, `http_req_duration${suffix}`, statistic) ?? 0;
  const requests = duration('count');
  return {
    name,
    requests,
    requestsPerSecond: requests / seconds,
    p50Ms: duration('p(50)'),
    p95Ms: duration('p(95)'),
    p99Ms: duration('p(99)'),
    maxMs: duration('max'),
    errorShare: value(summary, `http_req_failed${suffix}`, 'rate') ?? 0,
  };
}

/** All that visitors sent; what the runner itself asked before and after is not much, but in it. */
export const totalOf = (summary: Summary, seconds: number): Row => rowOf(summary, 'all', '', seconds);

export const countOf = (summary: Summary, metric: string): number => value(summary, metric, 'count') ?? 0;

export function thresholdsOf({ metrics }: Summary): Threshold[] {
  return Object.entries(metrics).flatMap(([metric, { thresholds = {} }]) =>
    Object.entries(thresholds).map(([condition, { ok }]) => ({ metric, condition, held: ok })),
  );
}

/** A run whose books were never compared has not passed, whatever k6 thinks of a metric without a value. */
export function booksOf(summary: Summary): Books {
  return {
    differences: value(summary, 'reconciliation_differences', 'value'),
    ordersLeftPending: value(summary, 'orders_left_pending', 'value'),
    agree: value(summary, 'books_agree', 'rate') === 1,
  };
}
