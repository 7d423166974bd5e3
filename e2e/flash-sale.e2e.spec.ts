import { describe, expect, it } from 'vitest';
import { expectBooksToAgree } from './books.ts';
import { administrator, anyone, provider } from './people.ts';

describe('a flash sale', () => {
  it('sells exactly 20 pieces to 200 buyers', async () => {
    const admin = await administrator();
    const product = await admin.newProduct(20);
    const buyers = await Promise.all(Array.from({ length: 10 }, () => anyone().newCustomer()));

    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => buyers[index % buyers.length]?.buy([{ productId: product.id, quantity: 1 }])),
    );

    const placed = answers.flatMap((answer, index) => {
      const buyer = buyers[index % buyers.length];
      const orderId = answer?.body.id ?? answer?.body.orderId;
      return buyer === undefined || orderId === undefined ? [] : [{ buyer, orderId }];
    });
    const orders = () => Promise.all(placed.map(({ buyer, orderId }) => buyer.order(orderId)));
    // Under this crowd an order may still be pending when its answer is due; it ends by itself.
    await expect
      .poll(async () => (await orders()).filter(({ status }) => status === 'pending').length, { timeout: 40_000, interval: 500 })
      .toBe(0);
    const ended = await orders();
    expect(ended.filter(({ status }) => status === 'confirmed')).toHaveLength(20);
    expect(await admin.inventory(product.id)).toEqual({ supplied: 20, onHand: 0, reserved: 0, sold: 20 });
    await expectBooksToAgree(admin, provider(), [product.id], ended);
  });
});
