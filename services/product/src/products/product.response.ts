import type { ProductResponse } from '@emporium/contracts/product';
import { pictureUrl } from '../pictures/picture.ts';
import { madeOnce } from './made-once.ts';
import { entityTag, type Product } from './product.ts';

/** A product as it leaves the service; a new column never leaks by itself. */
export const toResponse = (product: Product): ProductResponse => ({
  id: product.id,
  sku: product.sku,
  name: product.name,
  description: product.description,
  category: product.category,
  price: product.price,
  available: product.available,
  imageUrl: product.imageUrl ?? pictureUrl(product),
  createdAt: product.createdAt.toISOString(),
  updatedAt: product.updatedAt.toISOString(),
  version: product.version,
});

/** The text of the answer, and its tag. A product is read far more often than it changes. */
export const readAnswer = madeOnce((product: Product) => ({
  tag: entityTag(product),
  text: JSON.stringify(toResponse(product)),
}));
