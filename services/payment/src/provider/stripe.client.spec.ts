import { money } from '@emporium/money';
import type Stripe from 'stripe';
import { describe, expect, it, vi } from 'vitest';
import { StripeClient } from './stripe.client.ts';

const instruction = { orderId: 'order', paymentId: 'payment', amount: money(1_000, 'EUR'), paymentMethod: 'pm_card_visa' };
const intent = { id: 'pi_1', status: 'succeeded', amount: 1_000, amount_received: 1_000, currency: 'eur' };

function clientOf(created: object, seen: object) {
  const paymentIntents = {
    create: async () => ({ ...intent, ...created }),
    retrieve: vi.fn(async () => ({ ...intent, ...seen })),
  };
  return { paymentIntents, client: new StripeClient({ paymentIntents } as unknown as Stripe, 'whsec_spec') };
}

describe('an answer that tells of another sum', () => {
  it('is asked about once more, and what is seen then counts', async () => {
    const { client } = clientOf({ amount_received: 1 }, {});

    expect(await client.charge(instruction)).toEqual({ kind: 'succeeded', reference: 'pi_1', amount: money(1_000, 'EUR') });
  });

  it('is believed when it is repeated', async () => {
    const { client } = clientOf({ amount_received: 999 }, { amount_received: 999 });

    expect(await client.charge(instruction)).toMatchObject({ kind: 'succeeded', amount: money(999, 'EUR') });
  });

  it('is the only one that costs a second call', async () => {
    const { client, paymentIntents } = clientOf({}, {});

    await client.charge(instruction);

    expect(paymentIntents.retrieve).not.toHaveBeenCalled();
  });
});
