import { sumOf } from './costs.ts';
import { inWords, type Plan } from './plan.ts';
import type { Assumptions, Prices } from './prices.ts';

/** The plan for people: what it takes, what it costs, and what of it was not measured. */
export function tableOf(plan: Plan, prices: Prices, assumptions: Assumptions): string {
  const { load, measured, bill } = plan;
  return [
    `${whole(load.average)} requests/s on average, ${whole(load.peak)} at the peak, ${percent(load.headroom)} kept free even then.`,
    `Measured on ${measured.machine}, ${measured.measuredAt}, commit ${measured.commit}.`,
    '',
    ...podsTable(plan),
    '',
    ...nodesLines(plan),
    '',
    ...databaseLines(plan),
    '',
    ...trafficLines(plan),
    '',
    ...aligned([
      [`${prices.currency} a month (${prices.region}, ${prices.kind})`, 'sized for the peak', 'following the average'],
      ...bill.lines.map(({ what, atPeak, atAverage }) => [what, whole(atPeak), whole(atAverage)]),
      [
        bill.without.length === 0 ? 'together' : `together, without ${bill.without.join(', ')}`,
        whole(bill.atPeak),
        whole(bill.atAverage),
      ],
    ]),
    '',
    'Assumed, not measured:',
    ...Object.entries(assumptions).map(([name, { value, why }]) => `  ${name} = ${value}: ${why}`),
    ...Object.entries({ ...prices.prices, egress: prices.egress })
      .filter(([, { verified }]) => !verified)
      .map(([name, { note, source }]) => `  price ${name}: ${note ?? 'not verified.'} ${source}`),
    ...plan.warnings.map((warning) => `\n! ${warning}`),
    ...(plan.missing.length === 0 ? [] : ['', inWords(plan.missing)]),
  ].join('\n');
}

function podsTable({ pods }: Plan): string[] {
  const head = [
    'service',
    'CPU ms/request',
    'arrivals/s',
    'pods',
    'with a zone lost',
    'on average',
    'busy',
    'a zone lost',
    'p95 wait ms',
    'if shared',
    'MiB',
  ];
  const rows = pods.map((of) => [
    of.service,
    of.cpuMsPerRequest.toFixed(3),
    whole(of.arrivals),
    `${of.needed}`,
    `${of.atPeak}`,
    `${of.atAverage}`,
    percent(of.utilisation),
    percent(of.utilisationWithoutAZone),
    of.waitMs.own.toFixed(1),
    of.waitMs.shared.toFixed(1),
    `${of.memoryMiB}`,
  ]);
  const all = (count: (of: Plan['pods'][number]) => number) => `${sumOf(pods.map(count))}`;
  const total = [
    'all',
    sumOf(pods.map((of) => of.cpuMsPerRequest)).toFixed(3),
    '',
    all((of) => of.needed),
    all((of) => of.atPeak),
    all((of) => of.atAverage),
  ];
  return aligned([head, ...rows, total]);
}

function nodesLines({ nodes: { atPeak, atAverage } }: Plan): string[] {
  const { name, vcpu, memoryGiB } = atPeak.type;
  return [
    `Nodes: ${atPeak.total} × ${name} (${vcpu} vCPU, ${memoryGiB} GiB), ${atPeak.perZone} in each zone, any zone dispensable; ${atAverage.total} on average.`,
  ];
}

function databaseLines({ database, redis }: Plan): string[] {
  const { cpuMsPerRequest, cores, waitMs, node, instances, pools, maxConnections } = database;
  return [
    `Database: ${cpuMsPerRequest.toFixed(3)} CPU ms/request, ${cores} cores at the peak (p95 wait ${waitMs.toFixed(1)} ms), ${node === undefined ? 'no node is that large' : `${instances} × ${node.name}`}.`,
    ...(pools.length === 0 ? [] : connectionLines(pools)),
    `max_connections: ${maxConnections ?? 'not known, see below'}.`,
    `Redis: ${redis.cpuMsPerRequest.toFixed(3)} CPU ms/request, ${percent(redis.utilisation)} of its one core at the peak; ${redis.primaries} to write to, ${redis.instances} in all.`,
  ];
}

const connectionLines = (pools: Plan['database']['pools']): string[] =>
  aligned([
    ['connections of', 'busy', 'DATABASE_POOL_MAX', 'of all pods', 'of the pooler'],
    ...pools.map((pool) => [pool.service, pool.busy.toFixed(1), `${pool.perPod}`, `${pool.fromPods}`, `${pool.pooler}`]),
  ]);

function trafficLines({ traffic }: Plan): string[] {
  const { bytesPerRequest, peakMbit, monthGB, ordersPerMonth, storedGB } = traffic;
  return [
    bytesPerRequest === undefined || peakMbit === undefined || monthGB === undefined
      ? 'Traffic: not known, see below.'
      : `Traffic: ${whole(bytesPerRequest)} bytes/answer, ${whole(peakMbit)} Mbit/s at the peak, ${whole(monthGB)} GB a month.`,
    `Orders: ${whole(ordersPerMonth)} a month${storedGB === undefined ? '' : `, ${whole(storedGB)} GB on disk`}.`,
  ];
}

/** The first column to the left, figures to the right. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

const whole = (value: number): string => Math.round(value).toLocaleString('en-GB');
export const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
