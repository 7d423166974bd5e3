import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { cartItemRequest, placeOrderRequest, refundOrderRequest } from './order/index.ts';
import { chargeRequest, ledgerQuery } from './payment/index.ts';
import {
  createProductRequest,
  productListQuery,
  reserveRequest,
  stockMovementRequest,
  updateProductRequest,
} from './product/index.ts';
import { changeRoleRequest, email, loginRequest, registerRequest, revocationQuery, updateProfileRequest } from './user/index.ts';

const accepts = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success;
const productId = '6f1d3a52-0000-4000-8000-000000000001';
const shippingAddress = { name: 'Grace', line1: '1 Main St', city: 'Arlington', postalCode: '22201', country: 'US' };
const times = <T>(count: number, value: T) => Array.from({ length: count }, () => value);

describe('a purchase', () => {
  const order = { items: [{ productId, quantity: 1 }], shippingAddress, paymentMethod: 'pm_card_visa' };

  it('names products, an address and a card; without products it buys the cart', () => {
    expect(placeOrderRequest.parse(order)).toEqual(order);
    expect(accepts(placeOrderRequest, { ...order, items: undefined })).toBe(true);
  });

  it('cannot name its own price', () => {
    const price = { amount: 1, currency: 'EUR' };

    expect(accepts(placeOrderRequest, { ...order, total: price })).toBe(false);
    expect(accepts(placeOrderRequest, { ...order, items: [{ productId, quantity: 1, unitPrice: price }] })).toBe(false);
  });

  it('has 1 to 50 lines of 1 to 99 pieces', () => {
    const lines = (count: number, quantity: unknown = 1) => ({ ...order, items: times(count, { productId, quantity }) });

    expect([1, 50].every((count) => accepts(placeOrderRequest, lines(count)))).toBe(true);
    expect([0, 51].some((count) => accepts(placeOrderRequest, lines(count)))).toBe(false);
    expect([1, 99].every((quantity) => accepts(placeOrderRequest, lines(1, quantity)))).toBe(true);
    for (const quantity of [0, -1, 100, 1.5, '1', null, Number.MAX_SAFE_INTEGER + 1, Number.NaN]) {
      expect([quantity, accepts(placeOrderRequest, lines(1, quantity))]).toEqual([quantity, false]);
      expect([quantity, accepts(cartItemRequest, { quantity })]).toEqual([quantity, false]);
    }
  });

  it.each(['', 'card', 'pm_', 'pm_a b', 'pm_../x', `pm_${'x'.repeat(101)}`, 4242424242424242])(
    'is not paid with %.20j',
    (paymentMethod) => {
      expect(accepts(placeOrderRequest, { ...order, paymentMethod })).toBe(false);
    },
  );

  it('may be reserved as a whole: all its lines of one product added up', () => {
    expect(accepts(reserveRequest, { items: [{ productId, quantity: 50 * 99 }] })).toBe(true);
    expect(accepts(reserveRequest, { items: [{ productId, quantity: 50 * 99 + 1 }] })).toBe(false);
    expect(accepts(chargeRequest, { userId: productId, amount: { amount: 0, currency: 'EUR' }, paymentMethod: 'x' })).toBe(false);
  });

  it('is refunded with a reason', () => {
    const amount = { amount: 100, currency: 'EUR' };

    expect(accepts(refundOrderRequest, { amount, reason: 'broken' })).toBe(true);
    expect(accepts(refundOrderRequest, { amount })).toBe(false);
    expect(accepts(refundOrderRequest, { amount, reason: 'x'.repeat(201) })).toBe(false);
  });
});

describe('a product', () => {
  const chair = {
    sku: 'CH-1',
    name: 'Chair',
    description: 'A chair.',
    category: 'chairs',
    price: { amount: 1, currency: 'EUR' },
  };

  it('begins with nothing on the shelf unless told otherwise', () => {
    expect(createProductRequest.parse(chair)).toEqual({ ...chair, initialStock: 0 });
    for (const initialStock of [-1, 1.5, 1_000_001, '5'])
      expect(accepts(createProductRequest, { ...chair, initialStock })).toBe(false);
  });

  it.each([
    ['sku', ['', '-a', 'a b', 'é', 'x'.repeat(65)]],
    ['name', ['', 'a\nb', 'x'.repeat(201)]],
    ['description', ['', 'x'.repeat(5_001)]],
    ['category', ['', 'Chairs', 'a--b', '-a', 'x'.repeat(65)]],
    ['imageUrl', ['', 'http://a/b.png', 'javascript:alert(1)', 'data:image/png;base64,', 'b.png', '/a b', `/${'x'.repeat(500)}`]],
    ['price', [0, { amount: 0, currency: 'EUR' }, { amount: 1 }]],
  ])('has bounds for its %s', (field, refused) => {
    for (const value of refused)
      expect([value, accepts(createProductRequest, { ...chair, [field]: value })]).toEqual([value, false]);
  });

  it('is changed in at least one field, never in its number or stock', () => {
    expect(accepts(updateProductRequest, { name: 'Stool' })).toBe(true);
    expect(accepts(updateProductRequest, {})).toBe(false);
    expect(accepts(updateProductRequest, { sku: 'CH-2' })).toBe(false);
    expect(accepts(updateProductRequest, { initialStock: 5 })).toBe(false);
  });

  it('is moved by whole pieces with a reason, not by none', () => {
    for (const quantity of [1, -1, 1_000_000, -1_000_000])
      expect(accepts(stockMovementRequest, { quantity, reason: 'a' })).toBe(true);
    for (const quantity of [0, -0, 0.5, 1_000_001, -1_000_001, '1'])
      expect([quantity, accepts(stockMovementRequest, { quantity, reason: 'a' })]).toEqual([quantity, false]);
    expect(accepts(stockMovementRequest, { quantity: 1 })).toBe(false);
  });

  it('is looked for by text, category and price; what is not asked for is ignored', () => {
    expect(productListQuery.parse({ q: ' oak ', minPrice: '0', maxPrice: '1000000000000', sort: '-price', utm: 'x' })).toEqual({
      q: 'oak',
      minPrice: 0,
      maxPrice: 1_000_000_000_000,
      sort: '-price',
      limit: 20,
    });
    for (const query of [
      { minPrice: '-1' },
      { maxPrice: '1000000000001' },
      { sort: 'name' },
      { q: 'x'.repeat(201) },
      { limit: '0' },
      { q: ['a', 'b'] },
    ])
      expect([query, accepts(productListQuery, query)]).toEqual([query, false]);
  });
});

describe('a person', () => {
  it('has one spelling of an e-mail address', () => {
    expect(email.parse('  Grace@Example.COM ')).toBe('grace@example.com');
    for (const value of [
      '',
      'grace',
      'grace@',
      '@example.com',
      'a b@example.com',
      `${'x'.repeat(250)}@example.com`,
      'a@b@c.de',
      5,
    ])
      expect([value, accepts(email, value)]).toEqual([value, false]);
  });

  it('registers with a password whose length hashing can afford, and gets no role by asking', () => {
    const grace = { email: 'grace@example.com', password: 'x'.repeat(128), name: 'Grace' };

    expect(registerRequest.parse(grace)).toEqual(grace);
    expect(registerRequest.parse({ ...grace, password: '  two spaces  ' }).password).toBe('  two spaces  ');
    expect(accepts(registerRequest, { ...grace, password: 'x'.repeat(129) })).toBe(false);
    expect(accepts(registerRequest, { ...grace, role: 'admin' })).toBe(false);
    expect(accepts(loginRequest, { email: grace.email, password: '' })).toBe(false);
    expect(accepts(loginRequest, { email: grace.email, password: { $gt: '' } })).toBe(false);
  });

  it('changes something when it changes its profile; its role is changed by others', () => {
    expect(accepts(updateProfileRequest, { name: 'Ada' })).toBe(true);
    expect(accepts(updateProfileRequest, {})).toBe(false);
    expect(accepts(updateProfileRequest, { role: 'admin' })).toBe(false);
    expect(accepts(changeRoleRequest, { role: 'root' })).toBe(false);
  });
});

describe('queries of operators and services', () => {
  it('have defaults', () => {
    expect(ledgerQuery.parse({})).toEqual({ limit: 20 });
    expect(revocationQuery.parse({})).toEqual({ since: 0 });
    expect(revocationQuery.parse({ since: '12' })).toEqual({ since: 12 });
    expect(accepts(ledgerQuery, { orderId: 'x' })).toBe(false);
  });
});
