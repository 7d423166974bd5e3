import { describe, expect, it } from 'vitest';
import { categoryName, entityTag, matchedVersions, type Product } from './product.ts';

const product: Product = {
  id: 'c209af40-e8d1-8018-b5f2-7e170e2d44ef',
  sku: 'HOM-0001',
  name: 'Table Lamp',
  description: 'A lamp.',
  category: 'home-living',
  price: { amount: 4_990, currency: 'EUR' },
  available: 17,
  createdAt: new Date(0),
  updatedAt: new Date(0),
  version: 3,
};

describe('the tag of a product', () => {
  it('changes with each edit and with each unit', () => {
    const tags = [product, { ...product, version: 4 }, { ...product, available: 16 }].map(entityTag);

    expect(new Set(tags).size).toBe(3);
  });

  it('is accepted by If-Match whatever was sold since', () => {
    expect(matchedVersions(entityTag({ ...product, available: 16 }))).toEqual([product.version]);
  });
});

describe('If-Match', () => {
  it.each([
    ['*', undefined],
    [' * ', undefined],
    ['"3-17"', [3]],
    ['"3-17", "5-0"', [3, 5]],
    ['W/"3-17"', []],
    ['"another"', []],
    ['3-17', []],
    ['', []],
    [`"${'9'.repeat(40)}-1"`, []],
  ])('%s accepts the versions %o', (header, versions) => {
    expect(matchedVersions(header)).toEqual(versions);
  });
});

describe('the name of a new category', () => {
  it('is made from its slug', () => {
    expect(categoryName('rain-gear')).toBe('Rain gear');
  });
});
