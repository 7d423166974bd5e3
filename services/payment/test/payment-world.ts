import { randomUUID } from 'node:crypto';
import { Outbox } from '@emporium/events';
import { HttpClient } from '@emporium/http-client';
import { Jobs, type JobWorker, startSweep, startWorker } from '@emporium/jobs';
import { money } from '@emporium/money';
import { type Postgres, sql } from '@emporium/postgres';
import { createSimulator, type Simulator } from '@emporium/stripe-simulator';
import { silentLogger } from '@emporium/telemetry';
import { LedgerRepository } from '../src/ledger/ledger.repository.ts';
import { LedgerService } from '../src/ledger/ledger.service.ts';
import type { PaymentSettings } from '../src/payment.settings.ts';
import { PaymentRepository } from '../src/payments/payment.repository.ts';
import { type Charge, PaymentService } from '../src/payments/payment.service.ts';
import { PaymentTasks } from '../src/payments/payment.tasks.ts';
import { SettlementService } from '../src/payments/settlement.service.ts';
import { UnderWayService } from '../src/payments/under-way.service.ts';
import type { PaymentProvider } from '../src/provider/provider.ts';
import type { ProviderStatement } from '../src/provider/statement.ts';
import { createStripe, createStripeClient } from '../src/provider/stripe.client.ts';
import { StripeStatement } from '../src/provider/stripe.statement.ts';
import { BooksRepository } from '../src/reconciliation/books.repository.ts';
import { ComparisonService } from '../src/reconciliation/comparison.service.ts';
import { ReconciliationService } from '../src/reconciliation/reconciliation.service.ts';
import { StatementRepository } from '../src/reconciliation/statement.repository.ts';
import { RefundRepository } from '../src/refunds/refund.repository.ts';
import { RefundService } from '../src/refunds/refund.service.ts';
import { WebhookRepository } from '../src/webhooks/webhook.repository.ts';
import { WebhookService } from '../src/webhooks/webhook.service.ts';

export const webhookSecret = 'whsec_spec';

const settings: PaymentSettings = {
  currency: 'EUR',
  attemptMs: 2_000,
  recoveryDelayMs: 20,
  keyLifetimeMs: 60_000,
};

/** One process of the payment service without its HTTP door. Several of them on one database are several replicas. */
export function paymentProcess(postgres: Postgres, provider: PaymentProvider, changes: Partial<PaymentSettings> = {}) {
  const jobs = new Jobs();
  const ledger = new LedgerService(postgres, new LedgerRepository());
  const refunds = new RefundService(postgres, new RefundRepository(), ledger, provider, jobs, silentLogger);
  const repository = new PaymentRepository();
  const underWay = new UnderWayService();
  const settlement = new SettlementService(postgres, repository, refunds, ledger, new Outbox(), jobs, silentLogger);
  const payments = new PaymentService(postgres, repository, settlement, refunds, provider, underWay, jobs, silentLogger, {
    ...settings,
    ...changes,
  });
  const webhooks = new WebhookService(postgres, new WebhookRepository(), settlement, refunds, provider, underWay, silentLogger);
  const tasks = new PaymentTasks(postgres, payments, refunds, jobs, silentLogger);
  return { payments, refunds, settlement, webhooks, ledger, tasks };
}

/** What compares a process's books with the provider's. */
export function reconciliationProcess(
  postgres: Postgres,
  statement: ProviderStatement,
  { settlement, refunds }: Pick<ReturnType<typeof paymentProcess>, 'settlement' | 'refunds'>,
) {
  const [lines, books] = [new StatementRepository(), new BooksRepository()];
  const reconciliation = new ReconciliationService(postgres, statement, lines, books);
  const jobs = new Jobs();
  const comparison = new ComparisonService(postgres, books, lines, statement, settlement, refunds, jobs, silentLogger);
  return { reconciliation, comparison };
}

/** A simulator and the client that speaks to it. */
export async function startProvider(options: { timeoutMs?: number; breaker?: boolean } = {}) {
  const simulator: Simulator = createSimulator({ webhooks: { secret: webhookSecret } });
  const baseUrl = await simulator.listen(0);
  const client = providerClient(baseUrl, options);
  return {
    ...client,
    simulator,
    baseUrl,
    close: async () => {
      await client.close();
      await simulator.close();
    },
  };
}

/** One more client of a simulator that runs already. */
export function providerClient(baseUrl: string, { timeoutMs = 300, breaker = false } = {}) {
  const http = new HttpClient({
    name: 'payment-provider',
    baseUrl,
    timeoutMs,
    breaker: { enabled: breaker, volumeThreshold: 3, resetTimeoutMs: 50 },
    logger: silentLogger,
  });
  const settings = { key: 'sk_test_spec', webhookSecret };
  const provider = createStripeClient(http, settings);
  return { provider, statement: new StripeStatement(createStripe(http, settings)), close: () => http.close() };
}

/** The recovery jobs of a process; events stay in the outbox. */
export async function startTasks(postgres: Postgres, { tasks, sweeps }: PaymentTasks): Promise<JobWorker> {
  const worker = await startWorker({ postgres, tasks, pollIntervalMs: 50, logger: silentLogger });
  const started = Object.entries(sweeps).map(([name, sweep]) => startSweep({ name, sweep, everyMs: 50, logger: silentLogger }));
  return {
    healthy: () => worker.healthy(),
    stop: async () => void (await Promise.all([worker.stop(), ...started.map((sweep) => sweep.stop())])),
  };
}

export const aCharge = (changes: Partial<Charge> = {}): Charge => ({
  userId: '0b1c4dfe-1c9a-4d68-9a5e-0f6a4f3f5a01',
  amount: money(1_000, 'EUR'),
  paymentMethod: 'pm_card_visa',
  ...changes,
});

/** What must be true of the books after anything that may happen. */
export async function reconcile(postgres: Postgres, simulator: Simulator) {
  const { totals } = simulator.books.statement();
  const [row] = await postgres.query<{ clearing: string; everything: string; payments: string }>(sql`
    select coalesce(sum(amount_minor) filter (where account = 'provider_clearing'), 0) as clearing,
           coalesce(sum(amount_minor), 0) as everything,
           (select coalesce(sum(charged_minor - refunded_minor), 0) from payments) as payments
      from ledger_entries
  `);
  return {
    provider: totals.reduce((sum, total) => sum + total.net, 0),
    ledger: Number(row?.clearing),
    payments: Number(row?.payments),
    everything: Number(row?.everything),
  };
}

export const anOrder = (): string => randomUUID();

/** Types of the events waiting in the outbox, and what they say about one order. */
export async function announced(postgres: Postgres, orderId: string): Promise<unknown[]> {
  const rows = await postgres.query<{ data: { orderId: string; outcome: string } }>(sql`
    select envelope -> 'data' as data
      from outbox_events
     where envelope ->> 'key' = ${orderId}
  `);
  return rows.map((row) => row.data.outcome);
}
