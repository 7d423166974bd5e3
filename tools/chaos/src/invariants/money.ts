import { type Evidence, isSold } from './evidence.ts';
import type { Invariant } from './invariant.ts';

const ordersById = ({ orders }: Evidence) => new Map(orders.map((order) => [order.id, order]));

/** Charged and refunded by the witness, per order. */
function witnessed({ charges }: Evidence): Map<string, { count: number; charged: number; refunded: number }> {
  const sums = new Map<string, { count: number; charged: number; refunded: number }>();
  for (const { orderId, amount, refunded } of charges) {
    if (orderId === null) continue;
    const known = sums.get(orderId) ?? { count: 0, charged: 0, refunded: 0 };
    sums.set(orderId, { count: known.count + 1, charged: known.charged + amount, refunded: known.refunded + refunded });
  }
  return sums;
}

const nothing = { count: 0, charged: 0, refunded: 0 };

export const oneChargePerOrder: Invariant = {
  rule: 'one-charge-per-order',
  says: 'no order is charged twice',
  check: (evidence) =>
    [...witnessed(evidence)]
      .filter(([, { count }]) => count > 1)
      .map(([id, { count }]) => `order ${id} was charged ${count} times`),
};

export const noOrphanMoney: Invariant = {
  rule: 'no-orphan-money',
  says: 'every charge belongs to an order that is sold, or was refunded in full; no more is refunded than was charged',
  check: (evidence) => {
    const orders = ordersById(evidence);
    return evidence.charges.flatMap(({ id, orderId, amount, refunded }) => {
      const order = orders.get(orderId ?? '');
      if (refunded > amount) return [`charge ${id} of order ${orderId}: ${refunded} of ${amount} were refunded`];
      if ((order !== undefined && isSold(order)) || refunded === amount) return [];
      return [
        `charge ${id}: ${amount - refunded} of ${amount} are kept for order ${orderId}, which is ${order?.status ?? 'unknown'}`,
      ];
    });
  },
};

export const noFreeOrder: Invariant = {
  rule: 'no-free-order',
  says: 'every sold order was charged its total',
  check: (evidence) => {
    const money = witnessed(evidence);
    return evidence.orders.filter(isSold).flatMap(({ id, status, total }) => {
      const { charged } = money.get(id) ?? nothing;
      return charged === total ? [] : [`order ${id} is ${status}, and ${charged} of ${total} were charged`];
    });
  },
};

export const ledgerIsWitness: Invariant = {
  rule: 'ledger-is-witness',
  says: 'payments and ledger say of every order what the witness says, and the ledger sums to zero',
  check: (evidence) => {
    const money = witnessed(evidence);
    const ledger = new Map(evidence.ledger.map((fact) => [fact.orderId, fact]));
    const payments = new Map(evidence.payments.map((fact) => [fact.orderId, fact]));
    const ids = new Set([...money.keys(), ...ledger.keys(), ...payments.keys()]);
    return [...ids].flatMap((id) => {
      const { charged, refunded } = money.get(id) ?? nothing;
      const { providerClearing = 0, allAccounts = 0 } = ledger.get(id) ?? {};
      const payment = payments.get(id) ?? { charged: 0, refunded: 0 };
      const wrong: string[] = [];
      if (allAccounts !== 0) wrong.push(`the entries sum to ${allAccounts}`);
      if (providerClearing !== charged - refunded) wrong.push(`provider_clearing is ${providerClearing}`);
      if (payment.charged !== charged || payment.refunded !== refunded)
        wrong.push(`the payment says ${payment.charged} − ${payment.refunded}`);
      return wrong.map((what) => `order ${id}: ${what}, the witness says ${charged} − ${refunded}`);
    });
  },
};
