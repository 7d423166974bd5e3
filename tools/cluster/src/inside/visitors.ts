import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ADDRESS, BUYS_EACH, type Visit, type Visited } from './visit.ts';

const GIVE_UP_MS = 10_000;
const FAILURES_SHOWN = 8;

const { address, token, product, rate, seconds } = JSON.parse(process.argv[2] ?? '{}') as Visit;
const began = performance.now();
const since = () => (performance.now() - began) / 1_000;
const tookMs: number[] = [];
const failures: string[] = [];
const count = { requests: 0, failed: 0, confirmed: 0, pending: 0 };
let lastFailureAt: number | undefined;

async function ask(path: string, expected: readonly number[], init: RequestInit = {}): Promise<number | undefined> {
  const start = performance.now();
  count.requests += 1;
  const outcome = await fetch(`${address}${path}`, { ...init, signal: AbortSignal.timeout(GIVE_UP_MS) }).then(
    async (answer) => {
      const body = await answer.text();
      return expected.includes(answer.status) ? { status: answer.status } : { problem: `${answer.status} ${body.slice(0, 150)}` };
    },
    (error: Error) => ({ problem: `${error.message}: ${(error.cause as { code?: string } | undefined)?.code ?? error.cause}` }),
  );
  tookMs.push(performance.now() - start);
  if ('status' in outcome) return outcome.status;
  count.failed += 1;
  lastFailureAt = since();
  if (failures.length < FAILURES_SHOWN)
    failures.push(`at ${since().toFixed(1)} s ${init.method ?? 'GET'} ${path}: ${outcome.problem}`);
  return undefined;
}

async function visit(number: number): Promise<void> {
  if (number % BUYS_EACH !== 0) {
    await ask(number % 2 === 0 ? '/v1/products?limit=20' : `/v1/products/${product}`, [200]);
    return;
  }
  const status = await ask('/v1/orders', [201, 202], {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'idempotency-key': randomUUID() },
    body: JSON.stringify({
      items: [{ productId: product, quantity: 1 }],
      shippingAddress: ADDRESS,
      paymentMethod: 'pm_card_visa',
    }),
  });
  if (status === 201) count.confirmed += 1;
  if (status === 202) count.pending += 1;
}

const visits: Promise<void>[] = [];
while (since() < seconds) {
  visits.push(visit(visits.length));
  await sleep(Math.max(0, began + (visits.length * 1_000) / rate - performance.now()));
}
await Promise.all(visits);
tookMs.sort((one, other) => one - other);
const result: Visited = {
  by: 'own client',
  ...count,
  p95Ms: Math.round(tookMs[Math.floor(tookMs.length * 0.95)] ?? 0),
  dropped: 0,
  lastFailureAt,
  failures,
};
process.stdout.write(JSON.stringify(result));
