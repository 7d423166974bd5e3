import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectBooksToAgree } from './books.ts';
import { administrator, anyone, provider } from './people.ts';
import { type ShopClient, shippingAddress } from './shop.client.ts';

describe('an Idempotency-Key', () => {
  let admin: ShopClient;
  let customer: ShopClient;

  beforeAll(async () => {
    admin = await administrator();
    customer = await anyone().newCustomer();
  });

  it('used twice gives the first answer again and buys once', async () => {
    const product = await admin.newProduct(5);
    const key = randomUUID();

    const first = await customer.buy([{ productId: product.id, quantity: 1 }], { key });
    const second = await customer.buy([{ productId: product.id, quantity: 1 }], { key });

    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    await expectBooksToAgree(admin, provider(), [product.id], [first.body]);
  });

  it('gives a refusal again, too', async () => {
    const product = await admin.newProduct(1);
    const key = randomUUID();

    const first = await customer.buy([{ productId: product.id, quantity: 2 }], { key });
    const second = await customer.buy([{ productId: product.id, quantity: 2 }], { key });

    expect([first.status, second.status]).toEqual([409, 409]);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('content-type')).toContain('application/problem+json');
  });

  it('used by twenty requests at once buys once', async () => {
    const product = await admin.newProduct(30);
    const key = randomUUID();

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => customer.buy([{ productId: product.id, quantity: 1 }], { key })),
    );

    const bought = answers.filter(({ status }) => status === 201);
    const told = answers.filter(({ status }) => status === 409);
    expect(bought.length).toBeGreaterThanOrEqual(1);
    expect(bought.length + told.length).toBe(20);
    expect(new Set(bought.map(({ body }) => body.id)).size).toBe(1);
    for (const { body } of told) expect(body).toMatchObject({ type: expect.stringMatching(/\/in-progress$/) });
    await expectBooksToAgree(
      admin,
      provider(),
      [product.id],
      bought.slice(0, 1).map(({ body }) => body),
    );
  });

  it('is refused with another body (422), and needed at all (400)', async () => {
    const product = await admin.newProduct(5);
    const key = randomUUID();
    const first = await customer.buy([{ productId: product.id, quantity: 1 }], { key });

    const other = await customer.buy([{ productId: product.id, quantity: 2 }], { key });
    const items = [{ productId: product.id, quantity: 1 }];
    const none = await customer.post('/v1/orders', { items, shippingAddress, paymentMethod: 'pm_card_visa' });

    expect([other.status, none.status]).toEqual([422, 400]);
    expect(JSON.stringify(none.body.errors)).toContain('Idempotency-Key');
    await expectBooksToAgree(admin, provider(), [product.id], [first.body]);
  });

  it('belongs to its user: another user may use the same one', async () => {
    const product = await admin.newProduct(5);
    const key = randomUUID();
    const other = await anyone().newCustomer();

    const mine = await customer.buy([{ productId: product.id, quantity: 1 }], { key });
    const theirs = await other.buy([{ productId: product.id, quantity: 1 }], { key });

    expect([mine.status, theirs.status]).toEqual([201, 201]);
    expect(theirs.body.id).not.toBe(mine.body.id);
    await expectBooksToAgree(admin, provider(), [product.id], [mine.body, theirs.body]);
  });
});
