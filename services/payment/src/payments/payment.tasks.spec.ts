import { AppError } from '@emporium/errors';
import type { Jobs } from '@emporium/jobs';
import type { Postgres } from '@emporium/postgres';
import { silentLogger } from '@emporium/telemetry';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RefundService } from '../refunds/refund.service.ts';
import type { PaymentService } from './payment.service.ts';
import { PaymentTasks, waitMs } from './payment.tasks.ts';

const orderId = '0b1c4dfe-1c9a-4d68-9a5e-0f6a4f3f5a01';

function tasksWith(recover: () => Promise<boolean>) {
  const added: unknown[] = [];
  const jobs = { add: async (_: unknown, ...job: unknown[]) => void added.push(job) } as unknown as Jobs;
  const service = { recover } as unknown as PaymentService & RefundService;
  return { added, tasks: new PaymentTasks({} as Postgres, service, service, jobs, silentLogger).tasks };
}

describe('the recovery jobs', () => {
  beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0.5));
  afterEach(() => void vi.restoreAllMocks());

  it('are done when the outcome is known', async () => {
    const { tasks, added } = tasksWith(async () => true);

    await tasks['settle-payment']({ orderId, tries: 0 });

    expect(added).toEqual([]);
  });

  it.each(['unavailable', 'timeout'] as const)('come again, a bit later, while the provider is %s', async (kind) => {
    const { tasks, added } = tasksWith(async () => {
      throw new AppError(kind, 'payment-provider', 'no');
    });

    await tasks['settle-payment']({ orderId, tries: 2 });
    await tasks['settle-refund']({ refundId: orderId, tries: 0 });

    expect(added).toMatchObject([
      ['settle-payment', { orderId, tries: 3 }, { key: `settle-payment:${orderId}`, delayMs: 2_000 }],
      ['settle-refund', { refundId: orderId, tries: 1 }, { key: `settle-refund:${orderId}`, delayMs: 500 }],
    ]);
  });

  it('leave any other failure to the worker', async () => {
    const { tasks } = tasksWith(async () => {
      throw new Error('bug');
    });

    await expect(tasks['settle-payment']({ orderId, tries: 0 })).rejects.toThrow('bug');
    await expect(tasks['settle-payment']({ orderId: 'none' })).rejects.toThrow();
  });

  it('never wait longer than 15 s', () => {
    expect([0, 1, 5, 6, 100].map(waitMs)).toEqual([250, 500, 8_000, 15_000, 15_000]);
  });

  it('do not all wait equally long', () => {
    vi.restoreAllMocks();
    const waits = Array.from({ length: 500 }, () => waitMs(10));

    expect(Math.min(...waits)).toBeGreaterThanOrEqual(11_250);
    expect(Math.max(...waits)).toBeLessThanOrEqual(18_750);
    expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(4_000);
  });
});
