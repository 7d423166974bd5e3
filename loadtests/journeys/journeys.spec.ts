import { describe, expect, it } from 'vitest';
import { journeys } from './index.ts';
import type { Call, Visit } from './journey.ts';

/** A shop where everything goes well, which remembers what it was asked. */
function visitor(): { visit: Visit; calls: Call[] } {
  const calls: Call[] = [];
  const visit: Visit = {
    call: (call) => {
      calls.push(call);
      return { status: call.statuses?.[0] ?? 200, isGood: true, body: call.isRead ? { accessToken: 'signed-in' } : undefined };
    },
    customer: async () => 'customer',
    administrator: async () => 'administrator',
    account: () => ({ email: 'a@load.test', password: 'a long enough password' }),
    product: () => 'any',
    productToBuy: () => 'plenty',
    productOnSale: () => 'sale',
    word: () => 'kettle & cup',
    pick: (items) => items[0] as (typeof items)[number],
    newKey: () => 'key',
  };
  return { visit, calls };
}

describe('a journey', () => {
  it.each(Object.entries(journeys))('%s is as many requests as it says', async (_, journey) => {
    const { visit, calls } = visitor();

    await journey.run(visit);

    expect(calls).toHaveLength(journey.requests);
  });

  it.each(Object.entries(journeys))('%s names its routes without ids or words', async (_, journey) => {
    const { visit, calls } = visitor();

    await journey.run(visit);

    for (const { route } of calls) expect(route).not.toMatch(/any|plenty|sale\b|kettle/);
  });

  it('of a purchase has a key, and names each product once', async () => {
    const { visit, calls } = visitor();

    await journeys.checkout.run({ ...visit, pick: (items) => items[3] as (typeof items)[number] });

    expect(calls[0]).toMatchObject({ idempotencyKey: 'key', token: 'customer', statuses: [201, 202] });
    expect(calls[0]?.body).toMatchObject({ items: [{ productId: 'plenty', quantity: 1 }] });
  });

  it('to a sale takes no for an answer', async () => {
    const { visit, calls } = visitor();

    await journeys.rush.run(visit);

    expect(calls[0]?.statuses).toContain(409);
  });

  it('of those who look needs no token', async () => {
    const { visit, calls } = visitor();

    await journeys.browse.run(visit);
    await journeys.search.run(visit);

    expect(calls.filter(({ token }) => token !== undefined)).toEqual([]);
    expect(calls.map(({ path }) => path)).toContain('/v1/products?limit=20&q=kettle%20%26%20cup');
  });

  it('that could not sign in goes no further', async () => {
    const { visit, calls } = visitor();
    const refused = { status: 503, isGood: false, body: undefined };

    const call = (asked: Call) => {
      calls.push(asked);
      return refused;
    };
    await journeys.signIn.run({ ...visit, call });

    expect(calls).toHaveLength(1);
  });
});
