import { productResponse } from '@emporium/contracts/product';
import { describe, expect, it } from 'vitest';
import { seedCategories, seedProducts } from './seed-products.ts';

describe('the development catalogue', () => {
  const products = seedProducts();

  it('has at least 1,000 products in 12 categories', () => {
    expect(products.length).toBeGreaterThanOrEqual(1_000);
    expect(new Set(products.map((product) => product.category))).toEqual(new Set(seedCategories.map(({ slug }) => slug)));
    expect(seedCategories).toHaveLength(12);
  });

  it('is the same each time', () => {
    expect(seedProducts()).toEqual(products);
  });

  it.each(['id', 'sku', 'name'] as const)('gives no two products the same %s', (field) => {
    expect(new Set(products.map((product) => product[field])).size).toBe(products.length);
  });

  it('keeps to the contract', () => {
    for (const product of products) {
      const { priceMinor, currency, stock, createdAt } = product;

      const seen = productResponse.safeParse({
        ...product,
        price: { amount: priceMinor, currency },
        available: stock,
        imageUrl: '/picture',
        updatedAt: createdAt,
        version: 1,
      });

      expect(seen.error).toBeUndefined();
      expect(priceMinor).toBeGreaterThan(0);
      expect(`${product.name}${product.description}`).not.toMatch(/[{}]|undefined/);
    }
  });

  it('has enough of everything on hand to be bought', () => {
    expect(Math.min(...products.map((product) => product.stock))).toBeGreaterThanOrEqual(100);
  });
});
