import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { metricsIn, metricsOfOurs } from './metric-names.ts';
import { textOf } from './repository.ts';
import { ALERTS } from './steps/promtool.ts';

interface Alert {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string; action: string };
}

const files = ALERTS.map((file) => `deploy/kubernetes/components/monitoring/${file}`);
const alerts: Alert[] = files
  .flatMap((file) => parse(textOf(file)).spec.groups)
  .flatMap((group: { rules: Alert[] }) => group.rules);

/** Names of others, which their documents tell of. */
const OTHERS = /^(up|cnpg_\w+|barman_cloud_cloudnative_pg_io_\w+|haproxy_\w+)$/;

describe('the alerts', () => {
  const ours = metricsOfOurs();

  it('are some twenty, over some fifty metrics', () => {
    expect(alerts.length).toBeGreaterThanOrEqual(20);
    expect(ours.size).toBeGreaterThanOrEqual(50);
  });

  it.each(alerts)(
    '$alert asks for metrics that are made, says where to look, and how urgent it is',
    ({ expr, labels, annotations }) => {
      const unknown = metricsIn(expr).filter((name) => !ours.has(name) && !OTHERS.test(name));

      expect(metricsIn(expr)).not.toEqual([]);
      expect(unknown).toEqual([]);
      expect(annotations.action.length).toBeGreaterThan(20);
      expect(['page', 'ticket']).toContain(labels.severity);
    },
  );

  it('are each tested', () => {
    const tested = textOf('deploy/kubernetes/components/monitoring/alerts.test.yaml');

    expect(alerts.map(({ alert }) => alert).filter((name) => !tested.includes(`alertname: ${name}`))).toEqual([]);
  });
});

it.each([
  ['sum by (service) (rate(a_total{status=~"5.."}[5m])) / 2 > 14.4 * 0.001', ['a_total']],
  ['time() - max(a_seconds) > 60 and on (pod) b', ['a_seconds', 'b']],
  ['absent(up{service="x"} == 1) or absent(up{service="y"} == 1)', ['up']],
  ['histogram_quantile(0.95, sum by (le) (rate(a_bucket[5m])))', ['a_bucket']],
])('%s asks for %s', (expression, names) => {
  expect(metricsIn(expression)).toEqual(names);
});
