import { randomUUID } from 'node:crypto';
import { type FakeAnswer, type FakeHttp, fakeHttp } from '@emporium/testing';

interface Payment {
  charged: number;
  refunded: number;
  status: 'succeeded' | 'declined' | 'cancelled';
}

export interface FakePayments {
  http: FakeHttp;
  /** Money kept for an order, in minor units. */
  kept(orderId: string): number;
  /** Forgets what an order paid. */
  lose(orderId: string): void;
  /** What every call is answered while it is set: 'hang', 'drop', or a status. A call that hangs leaves the money where it is. */
  trouble: FakeAnswer | undefined;
}

/** The payment service as the order service sees it: `pm_card_visa` pays, `pm_card_chargeDeclined` does not. */
export async function fakePayments(): Promise<FakePayments> {
  const payments = new Map<string, Payment>();
  const refunds = new Map<string, number>();

  const charge = (orderId: string, request: { amount: { amount: number }; paymentMethod: string }): FakeAnswer => {
    const declined = request.paymentMethod.includes('Declined');
    const payment = payments.get(orderId) ?? {
      charged: declined ? 0 : request.amount.amount,
      refunded: 0,
      status: declined ? 'declined' : 'succeeded',
    };
    if (payment.status === 'cancelled') return problem('payment-cancelled');
    payments.set(orderId, payment);
    return { body: toBody(orderId, payment) };
  };

  const cancel = (orderId: string): FakeAnswer => {
    const payment = payments.get(orderId) ?? { charged: 0, refunded: 0, status: 'cancelled' };
    const cancelled: Payment = { ...payment, refunded: payment.charged, status: 'cancelled' };
    payments.set(orderId, cancelled);
    return { body: toBody(orderId, cancelled) };
  };

  const refund = (orderId: string, { refundId, amount }: { refundId: string; amount: { amount: number } }): FakeAnswer => {
    const payment = payments.get(orderId);
    if (payment === undefined) return problem('payment-not-found', 404);
    if (!refunds.has(refundId)) {
      if (payment.refunded + amount.amount > payment.charged) return problem('refund-exceeds-charge');
      payment.refunded += amount.amount;
      refunds.set(refundId, amount.amount);
    }
    return { body: { refundId, status: 'succeeded' } };
  };

  const compare = ({ orderIds }: { orderIds: string[] }): FakeAnswer => ({
    body: {
      payments: orderIds.flatMap((orderId) => {
        const payment = payments.get(orderId);
        return payment === undefined ? [] : [toBody(orderId, payment)];
      }),
      moving: [],
      differences: [],
    },
  });

  const http = await fakeHttp({
    'PUT /internal/payments/:orderId': ({ body }, { orderId = '' }) =>
      fake.trouble ?? charge(orderId, body as Parameters<typeof charge>[1]),
    'POST /internal/payments/:orderId/cancel': (_, { orderId = '' }) => fake.trouble ?? cancel(orderId),
    'POST /internal/payments/:orderId/refunds': ({ body }, { orderId = '' }) =>
      fake.trouble ?? refund(orderId, body as Parameters<typeof refund>[1]),
    'POST /internal/reconciliation/statement': () => fake.trouble ?? { body: { taken: 0, foreign: 0, nextCursor: null } },
    'GET /internal/reconciliation/orders': () => fake.trouble ?? { body: { orderIds: [], nextCursor: null } },
    'POST /internal/reconciliation/compare': ({ body }) => fake.trouble ?? compare(body as { orderIds: string[] }),
  });
  const fake: FakePayments = {
    http,
    kept: (orderId) => {
      const payment = payments.get(orderId);
      return payment === undefined ? 0 : payment.charged - payment.refunded;
    },
    lose: (orderId) => void payments.delete(orderId),
    trouble: undefined,
  };
  return fake;
}

const toBody = (orderId: string, { charged, refunded, status }: Payment) => ({
  id: randomUUID(),
  orderId,
  status,
  charged: { amount: charged, currency: 'EUR' },
  refunded: { amount: refunded, currency: 'EUR' },
  providerReference: null,
  declineReason: status === 'declined' ? 'generic_decline' : null,
  createdAt: '2026-01-01T00:00:00.000Z',
});

const problem = (code: string, status = 409): FakeAnswer => ({
  status,
  body: { type: `https://emporium.example/problems/${code}`, title: 'No', status, detail: 'No.', code },
});
