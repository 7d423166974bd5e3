/** One period of a run, as its visitors saw it. */
export interface Point {
  /** Seconds since the run began. */
  readonly second: number;
  readonly requestsPerSecond: number;
  readonly errorShare: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly visitors: number;
}

export interface Recording {
  /** Epoch milliseconds; undefined when nothing was recorded. */
  readonly beganAt: number | undefined;
  readonly points: readonly Point[];
}

interface Line {
  readonly event: string;
  readonly data: unknown;
}

/** By kind of metric, the names of the numbers that k6 writes for it. */
type Aggregates = Readonly<Record<string, readonly string[]>>;

/**
 * Reads what k6's own dashboard records: lines that name metrics as they appear, and lines with numbers, one array for each metric known by
 * then, in the order of their names.
 */
export function readRecording(text: string): Recording {
  const kinds = new Map<string, string>();
  let aggregates: Aggregates = {};
  let beganAt: number | undefined;
  const points: Point[] = [];
  for (const { event, data } of linesOf(text)) {
    if (event === 'param') aggregates = (data as { aggregates: Aggregates }).aggregates;
    if (event === 'metric') for (const [name, { type }] of Object.entries(data as Kinds)) kinds.set(name, type);
    if (event === 'start') beganAt = (data as number[][])[0]?.[0];
    if (event !== 'snapshot' || beganAt === undefined) continue;
    const numbers = numbersOf(data as number[][], kinds, aggregates);
    const point = pointOf(numbers, beganAt);
    if (point !== undefined) points.push(point);
  }
  return { beganAt, points };
}

type Kinds = Readonly<Record<string, { readonly type: string }>>;

function linesOf(text: string): Line[] {
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as Line];
    } catch {
      return []; // the last line of a run that was killed
    }
  });
}

type Numbers = ReadonlyMap<string, Readonly<Record<string, number>>>;

function numbersOf(data: readonly number[][], kinds: ReadonlyMap<string, string>, aggregates: Aggregates): Numbers {
  const names = [...kinds.keys()].toSorted(byCodePoint);
  const each = names.map((name, index): [string, Record<string, number>] => {
    const labels = aggregates[kinds.get(name) ?? ''] ?? [];
    const values = data[index] ?? [];
    return [name, Object.fromEntries(values.map((value, place) => [labels[place] ?? '', value]))];
  });
  return new Map(each);
}

const byCodePoint = (one: string, other: string) => (one < other ? -1 : 1);

function pointOf(numbers: Numbers, beganAt: number): Point | undefined {
  const at = numbers.get('time')?.value;
  const duration = numbers.get('http_req_duration');
  if (at === undefined || duration?.['p(95)'] === undefined) return undefined;
  return {
    second: Math.round((at - beganAt) / 100) / 10,
    requestsPerSecond: numbers.get('http_reqs')?.rate ?? 0,
    errorShare: numbers.get('http_req_failed')?.rate ?? 0,
    p50Ms: duration.med ?? 0,
    p95Ms: duration['p(95)'],
    p99Ms: duration['p(99)'] ?? 0,
    visitors: numbers.get('vus')?.value ?? 0,
  };
}
