/** How far k6 has come. */
export interface Moment {
  readonly requests: number;
  /** A second, since the last look. */
  readonly rate: number;
  /** Of all so far. */
  readonly errorShare: number;
  readonly visitors: number;
}

const EVERY_MS = 5_000;

/** Asks k6's own API, which is cheap: counters only, no percentiles. */
export function watch(url: string, tell: (moment: Moment) => void, everyMs = EVERY_MS): { stop(): void } {
  let last = { at: performance.now(), requests: 0 };
  const look = async () => {
    const [requests, failed, visitors] = await Promise.all(
      ['http_reqs', 'http_req_failed', 'vus'].map((name) => sampleOf(url, name)),
    );
    const count = requests?.count;
    if (count === undefined) return;
    const at = performance.now();
    const rate = (count - last.requests) / ((at - last.at) / 1_000);
    last = { at, requests: count };
    tell({ requests: count, rate, errorShare: failed?.rate ?? 0, visitors: visitors?.value ?? 0 });
  };
  const timer = setInterval(() => void look(), everyMs);
  return { stop: () => clearInterval(timer) };
}

async function sampleOf(url: string, metric: string): Promise<Record<string, number> | undefined> {
  try {
    const answer = await fetch(`${url}/v1/metrics/${metric}`, { signal: AbortSignal.timeout(2_000) });
    if (!answer.ok) return undefined;
    const { data } = (await answer.json()) as { data: { attributes: { sample: Record<string, number> } } };
    return data.attributes.sample;
  } catch {
    return undefined; // k6 has not begun, or is about to end
  }
}
