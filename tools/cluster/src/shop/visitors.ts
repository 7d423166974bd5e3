import type { Cluster } from '../cluster/cluster.ts';
import { attempt } from '../command.ts';
import { ADDRESS, BUYS_EACH, type Visit, type Visited } from '../inside/visit.ts';

const OWN_CLIENT = new URL('../inside/visitors.ts', import.meta.url).pathname;
const K6_SCRIPT = new URL('../../k6/visitors.js', import.meta.url).pathname;
const FAILURES_SHOWN = 8;

/** Visitors for so many seconds: by k6 when it is on the PATH, otherwise by a client of our own that does the same. */
export async function sendVisitors(cluster: Cluster, visit: Visit): Promise<Visited> {
  const hasK6 = await attempt('k6', ['version']).then(
    ({ code }) => code === 0,
    () => false,
  );
  return hasK6 ? byK6(cluster, visit) : byOwnClient(cluster, visit);
}

async function byK6(cluster: Cluster, visit: Visit): Promise<Visited> {
  const [command, ...args] = cluster.inside(['k6', 'run', '--quiet', '--no-usage-report', '--address=', K6_SCRIPT]);
  const env = {
    ...process.env,
    VISIT: JSON.stringify(visit),
    SHOP: JSON.stringify({ buysEach: BUYS_EACH, shippingAddress: ADDRESS }),
  };
  const { code, stdout, stderr } = await attempt(command, args, { env });
  if (code !== 0) throw new Error(`k6 ended with ${code}: ${stderr.slice(-500)}`);
  return { ...read<Visited>(stdout), failures: failuresIn(stderr) };
}

const failuresIn = (stderr: string) =>
  [...stderr.matchAll(/msg="(at .+?)" source/g)].map(([, text]) => text ?? '').slice(0, FAILURES_SHOWN);

async function byOwnClient(cluster: Cluster, visit: Visit): Promise<Visited> {
  const [command, ...args] = cluster.inside([process.execPath, OWN_CLIENT, JSON.stringify(visit)]);
  const { code, stdout, stderr } = await attempt(command, args);
  if (code !== 0) throw new Error(`the visitors ended with ${code}: ${stderr.slice(-500)}`);
  return read(stdout);
}

const read = <T>(text: string): T => JSON.parse(text.slice(text.indexOf('{'))) as T;

/** As a line of the table. */
export function inWords({ by, requests, failed, confirmed, pending, p95Ms, dropped, lastFailureAt }: Visited): string {
  const last = lastFailureAt === undefined ? '' : `, the last after ${lastFailureAt.toFixed(0)} s`;
  const never = dropped === 0 ? '' : `, ${dropped} never began`;
  return `${failed} of ${requests} requests failed${last}${never}; ${confirmed} bought, ${pending} pending, p95 ${p95Ms} ms (${by})`;
}
