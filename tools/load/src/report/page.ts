import { P95_LIMIT_MS } from '../measure/limit.ts';
import { type Chart, chartOf, escaped } from './chart.ts';
import { mebibytes, milliseconds, percent, perSecond, spelled } from './in-words.ts';
import type { Result } from './result.ts';
import { tableOf } from './table.ts';

/** The report: one file that needs no network and can be kept. */
export function pageOf(result: Result): string {
  const { profile, startedAt, held } = result;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(profile)} ${escaped(startedAt)}</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; max-width: 900px; margin: 2rem auto; padding: 0 1rem; color: #1f2937 }
h1 span { color: ${held ? '#16a34a' : '#dc2626'} }
pre { background: #f3f4f6; padding: 1rem; overflow-x: auto; font-size: 12px; line-height: 1.4 }
dt { font-weight: 600 } dd { margin: 0 0 .4rem }
figure { margin: 2rem 0 } figcaption { font-weight: 600 } svg { width: 100%; height: auto }
svg text { font-size: 11px; fill: #6b7280 } .ruler { stroke: #e5e7eb } .limit { stroke: #dc2626; stroke-dasharray: 4 4 }
.legend { font-size: 13px; margin: 0 } td { padding: 0 1rem 0 0; font-size: 13px }
</style>
</head>
<body>
<h1>${escaped(profile)} <span>${held ? 'held' : 'did not hold'}</span></h1>
<dl>${facts(result)
    .map(([name, text]) => `<dt>${escaped(name)}</dt><dd>${escaped(text)}</dd>`)
    .join('')}</dl>
<pre>${escaped(tableOf(result).trim())}</pre>
${charts(result).map(chartOf).join('\n')}
<h2>Limits</h2>
<table>${result.thresholds
    .map(
      ({ metric, condition, held: isHeld }) =>
        `<tr><td>${isHeld ? '✓' : '✗'}</td><td>${escaped(metric)}</td><td>${escaped(condition)}</td></tr>`,
    )
    .join('')}</table>
</body>
</html>
`;
}

function facts({ startedAt, machine, options }: Result): [string, string][] {
  const mix = Object.entries(options.mix).map(([name, share]) => `${spelled(name)} ${percent(share)}`);
  const settings = Object.entries(options.settings ?? {}).map(([name, value]) => `${name}=${value}`);
  return [
    ['when', startedAt],
    [
      'load',
      `${options.rate} requests/s asked for, over ${Math.round(options.seconds)} s, in an open loop, after a rise of ${options.riseSeconds} s that is not judged`,
    ],
    ['mix, by requests', mix.join(', ')],
    ['platform', options.target ?? ownPlatform(options)],
    ['settings beyond the defaults', settings.join(', ') || (options.target === undefined ? 'none' : 'not known')],
    ['machine', `${machine.processor}, ${machine.cores} cores, ${mebibytes(machine.memoryBytes)}, ${machine.system}`],
    ['with', `Node ${machine.node}, ${machine.k6}`],
    ['commit', `${machine.commit}${machine.changed ? ', with changes' : ''}`],
  ];
}

function charts({ timeline, use }: Result): Chart[] {
  const over = (of: (point: Result['timeline'][number]) => number) =>
    timeline.map((point): [number, number] => [point.second, of(point)]);
  return [
    { title: 'Requests a second', label: perSecond, series: [{ name: 'answered', points: over((p) => p.requestsPerSecond) }] },
    {
      title: 'Time to the answer',
      label: milliseconds,
      limit: P95_LIMIT_MS,
      series: [
        { name: 'p50', points: over((p) => p.p50Ms) },
        { name: 'p95', points: over((p) => p.p95Ms) },
        { name: 'p99', points: over((p) => p.p99Ms) },
      ],
    },
    { title: 'Errors', label: percent, series: [{ name: 'of all answers', points: over((p) => p.errorShare) }] },
    {
      title: 'Cores in use',
      label: (value) => value.toFixed(2),
      series: use.map(({ name, cores }) => ({ name, points: cores })),
    },
    { title: 'Memory', label: mebibytes, series: use.map(({ name, memory }) => ({ name, points: memory })) },
  ];
}

function ownPlatform({ replicas = 1, data }: Result['options']): string {
  const services = replicas === 1 ? 'five services' : `five services, ${replicas} processes of each behind balancers`;
  return `one of its own: stores, ${services}, payment simulator, beside the generator${data === undefined ? '' : `; on ${data}`}`;
}
