import type { HttpClient } from '@emporium/http-client';
import { describe, expect, it, vi } from 'vitest';
import { PaymentClient } from './payment.client.ts';

const amount = { amount: 100, currency: 'EUR' };
const charge = { userId: 'u1', amount, paymentMethod: 'pm_card_visa' };
const answering = (status: string) => {
  const call = vi.fn(async () => ({ status }));
  return { client: new PaymentClient({ put: call, post: call } as unknown as HttpClient), call };
};

describe('a charge', () => {
  it.each(['succeeded', 'declined'])('that has %s is told so', async (status) => {
    const { client, call } = answering(status);

    expect(await client.charge('o1', charge)).toBe(status);
    expect(call).toHaveBeenCalledWith('/internal/payments/o1', charge, expect.anything());
  });

  it('that nobody knows the outcome of is not a success', async () => {
    await expect(answering('pending').client.charge('o1', charge)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it.each(['cancelled', 'refunded'])('whose money is back (%s) is not a success', async (status) => {
    await expect(answering(status).client.charge('o1', charge)).rejects.toMatchObject({ code: 'payment-cancelled' });
  });
});

describe('money back', () => {
  it('is asked for by order and by refund, and may be asked for again', async () => {
    const { client, call } = answering('pending');
    const refund = { refundId: 'r1', amount, reason: 'a scratch' };

    await client.cancel('o1', 'deadline');
    expect(await client.refund('o1', refund)).toBe('pending');

    const again = { idempotent: true };
    expect(call).toHaveBeenCalledWith('/internal/payments/o1/cancel', { reason: 'deadline' }, expect.anything(), again);
    expect(call).toHaveBeenCalledWith('/internal/payments/o1/refunds', refund, expect.anything(), again);
  });
});
