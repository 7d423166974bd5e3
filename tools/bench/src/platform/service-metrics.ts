/** What each process says at its management port. */
export type ServiceMetrics = Readonly<Record<string, string>>;

export async function readMetrics(managementUrls: Readonly<Record<string, string>>): Promise<ServiceMetrics> {
  const texts = Object.entries(managementUrls).map(async ([name, url]) => {
    return [name, await (await fetch(`${url}/metrics`)).text()] as const;
  });
  return Object.fromEntries(await Promise.all(texts));
}

/** Of all series of that name, or of those with this label among others. */
export function sumIn(text: string, metric: string, label = ''): number {
  const series = [...text.matchAll(/^(\w+)(?:\{(.*)\})? ([-+.\de]+)$/gm)];
  return series
    .filter(([, name, labels = '']) => name === metric && labels.includes(label))
    .reduce((total, [, , , value]) => total + Number(value), 0);
}

const LEAST_EDGE_SHARE = 0.9;

/** Throws when it was not the cache, or not the service, that answered nine of ten: then the figure is not what its name says. */
export function judgeEdge(name: string, answers: boolean, before: string, after: string): void {
  const answersTotal = 'emporium_edge_cache_answers_total';
  const asked = sumIn(after, answersTotal) - sumIn(before, answersTotal);
  const share = (sumIn(after, answersTotal, 'outcome="hit"') - sumIn(before, answersTotal, 'outcome="hit"')) / asked;
  if (!((answers ? share : 1 - share) >= LEAST_EDGE_SHARE))
    throw new Error(`${name}: the gateway's own cache answered ${(100 * share).toFixed(1)} % of ${asked} requests.`);
}

/** How long statements took on the server and the wire, by service, in milliseconds between two readings. Those without any are left out. */
export function databaseMsBetween(before: ServiceMetrics, after: ServiceMetrics): Record<string, number> {
  const metric = 'emporium_postgres_query_duration_seconds_sum';
  const spent = Object.entries(after).map(([name, text]) => {
    return [name, 1_000 * (sumIn(text, metric) - sumIn(before[name] ?? '', metric))] as const;
  });
  return Object.fromEntries(spent.filter(([, ms]) => ms > 0));
}
