// The same visitors as src/inside/visitors.ts, by k6: k6 run -e VISIT='{"address":…}' visitors.js
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';

const { address, token, product, rate, seconds } = JSON.parse(__ENV.VISIT);
const { buysEach, shippingAddress } = JSON.parse(__ENV.SHOP);
const requests = new Counter('visit_requests');
const failed = new Counter('visit_failed');
const confirmed = new Counter('visit_confirmed');
const pending = new Counter('visit_pending');
const took = new Trend('visit_took');
const failedAt = new Trend('visit_failed_at');

export const options = {
  scenarios: {
    visitors: {
      exec: 'visit',
      executor: 'constant-arrival-rate',
      rate,
      timeUnit: '1s',
      duration: `${seconds}s`,
      preAllocatedVUs: 30,
      maxVUs: 400,
      gracefulStop: '15s',
    },
  },
  summaryTrendStats: ['p(95)', 'max'],
};

function judge(what, answer, expected) {
  requests.add(1);
  took.add(answer.timings.duration);
  if (expected.includes(answer.status)) return;
  failed.add(1);
  const at = exec.instance.currentTestRunDuration / 1_000;
  failedAt.add(at);
  console.error(`at ${at.toFixed(1)} s ${what}: ${answer.status} ${answer.error} ${String(answer.body).slice(0, 150)}`);
}

export function visit() {
  const number = exec.scenario.iterationInTest;
  if (number % buysEach !== 0) {
    const path = number % 2 === 0 ? '/v1/products?limit=20' : `/v1/products/${product}`;
    judge(`GET ${path}`, http.get(`${address}${path}`, { timeout: '10s' }), [200]);
    return;
  }
  const body = { items: [{ productId: product, quantity: 1 }], shippingAddress, paymentMethod: 'pm_card_visa' };
  const key = `${exec.test.options.scenarios.visitors.duration}-${token.slice(-20)}-${number}`;
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'idempotency-key': key };
  const answer = http.post(`${address}/v1/orders`, JSON.stringify(body), { headers, timeout: '10s' });
  judge('POST /v1/orders', answer, [201, 202]);
  if (answer.status === 201) confirmed.add(1);
  if (answer.status === 202) pending.add(1);
}

export function handleSummary({ metrics }) {
  const sum = (name) => metrics[name]?.values.count ?? 0;
  const result = {
    by: 'k6',
    requests: sum('visit_requests'),
    failed: sum('visit_failed'),
    confirmed: sum('visit_confirmed'),
    pending: sum('visit_pending'),
    p95Ms: Math.round(metrics.visit_took?.values['p(95)'] ?? 0),
    lastFailureAt: metrics.visit_failed_at?.values.max,
    dropped: sum('dropped_iterations'),
  };
  return { stdout: JSON.stringify(result) };
}
