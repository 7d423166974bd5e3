import type { OrderResponse } from '@emporium/contracts/order';
import { expect } from 'vitest';
import type { ShopClient } from './shop.client.ts';

/** What the payment provider says of its own books, see tools/stripe-simulator. */
export interface ProviderBooks {
  charges: { orderId: string | null; amount: number }[];
  refunds: { orderId: string | null; amount: number }[];
}

/** The simulator's control interface: the provider's own view, and its faults. */
export class Provider {
  constructor(readonly url: string) {}

  async books(orderId: string): Promise<ProviderBooks> {
    return (await (await fetch(`${this.url}/_control/books?orderId=${orderId}`)).json()) as ProviderBooks;
  }

  /** The money the provider holds for an order. */
  async kept(orderId: string): Promise<number> {
    const { charges, refunds } = await this.books(orderId);
    return total(charges) - total(refunds);
  }

  /** What somebody with the key does at the provider's own door, past the shop. */
  async behindTheShopsBack(path: string, fields: Record<string, string>): Promise<{ id: string }> {
    const answer = await fetch(`${this.url}/v1/${path}`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk_test_somebody_else' },
      body: new URLSearchParams(fields),
    });
    if (!answer.ok) throw new Error(`The provider refused: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as { id: string };
  }

  async script(...next: object[]): Promise<void> {
    const answer = await fetch(`${this.url}/_control/script`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ next }),
    });
    if (!answer.ok) throw new Error(`The provider took no script: ${answer.status} ${await answer.text()}`);
  }
}

const total = (rows: readonly { amount: number }[]) => rows.reduce((sum, row) => sum + row.amount, 0);

const sold = new Set(['confirmed', 'shipped', 'delivered']);

/** The books agree: stock adds up, one charge per sold order and none kept for others, ledger = charges − refunds = the provider's word. */
export async function expectBooksToAgree(
  admin: ShopClient,
  provider: Provider,
  productIds: readonly string[],
  orders: readonly OrderResponse[],
): Promise<void> {
  for (const productId of productIds) {
    const { supplied, onHand, reserved, sold: units } = await admin.inventory(productId);
    expect(supplied, 'supplied = onHand + reserved + sold').toBe(onHand + reserved + units);
    expect(reserved, 'nothing stays reserved').toBe(0);
    expect(units, 'sold units are those of sold orders').toBe(unitsOf(orders, productId));
  }
  for (const order of orders) await expectMoneyToAgree(admin, provider, order);
}

async function expectMoneyToAgree(admin: ShopClient, provider: Provider, order: OrderResponse): Promise<void> {
  const payments = await admin.payments(order.id);
  const entries = await admin.ledger(order.id);
  const { charges, refunds } = await provider.books(order.id);
  const kept = total(charges) - total(refunds);

  expect(payments.length, 'at most one payment per order').toBeLessThanOrEqual(1);
  expect(charges.length, 'at most one charge per order').toBeLessThanOrEqual(1);
  if (sold.has(order.status)) expect(total(charges), 'a sold order is charged in full').toBe(order.total.amount);
  else expect(kept, 'no money is kept for an order without a sale').toBe(0);

  expect(total(payments.map((payment) => payment.charged))).toBe(total(charges));
  expect(total(payments.map((payment) => payment.refunded))).toBe(total(refunds));
  expect(total(entries), 'double entry sums to zero').toBe(0);
  expect(total(entries.filter((entry) => entry.account === 'provider_clearing')), 'ledger = charges − refunds').toBe(kept);
}

const unitsOf = (orders: readonly OrderResponse[], productId: string): number =>
  orders
    .filter((order) => sold.has(order.status))
    .flatMap((order) => order.items)
    .filter((item) => item.productId === productId)
    .reduce((sum, item) => sum + item.quantity, 0);
