import { z } from 'zod';
import { cursor, id, integerText, largestAmount, line, moment, money, pageOf, positiveMoney, text } from '../primitives.ts';

const sku = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be 1 to 64 letters, digits, dots, dashes or underscores');
const category = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be a category slug')
  .max(64);
const imageUrl = z
  .string()
  .max(500)
  .regex(/^(https:\/\/|\/)[\x21-\x7e]+$/, 'must be an https address or a path');

/** Query of GET /v1/products. Prices are minor units. */
export const productListQuery = z.object({
  q: z.string().trim().max(200).optional(),
  category: category.optional(),
  minPrice: integerText(0, largestAmount).optional(),
  maxPrice: integerText(0, largestAmount).optional(),
  sort: z.enum(['newest', 'price', '-price', 'popular']).optional(),
  limit: integerText(1, 100).default(20),
  cursor: cursor.optional(),
});
export type ProductListQuery = z.infer<typeof productListQuery>;

/** A product as anyone sees it; `available` is what could be bought right now. */
export const productResponse = z.object({
  id,
  sku: z.string(),
  name: z.string(),
  description: z.string(),
  category: z.string(),
  price: money,
  available: z.int(),
  imageUrl: z.string(),
  createdAt: moment,
  updatedAt: moment,
  version: z.int(),
});
export type ProductResponse = z.infer<typeof productResponse>;
export const productListResponse = pageOf(productResponse);

/** Query of GET /v1/categories. They are few: all come at once unless a limit is given. */
export const categoryListQuery = z.object({ limit: integerText(1, 100).default(100), cursor: cursor.optional() });
export type CategoryListQuery = z.infer<typeof categoryListQuery>;

/** A shelf of the shop and how many products stand on it. */
export const categoryResponse = z.object({ slug: z.string(), name: z.string(), productCount: z.int() });
export type CategoryResponse = z.infer<typeof categoryResponse>;
export const categoryListResponse = pageOf(categoryResponse);

/** Body of POST /v1/products. */
export const createProductRequest = z.strictObject({
  sku,
  name: line(200),
  description: text(5000),
  category,
  price: positiveMoney,
  initialStock: z.int().min(0).max(1_000_000).default(0),
  imageUrl: imageUrl.optional(),
});
export type CreateProductRequest = z.infer<typeof createProductRequest>;

/** Body of PATCH /v1/products/{id}. */
export const updateProductRequest = z
  .strictObject({
    name: line(200).optional(),
    description: text(5000).optional(),
    category: category.optional(),
    price: positiveMoney.optional(),
    imageUrl: imageUrl.optional(),
  })
  .refine((body) => Object.keys(body).length > 0, 'names at least one field to change');
export type UpdateProductRequest = z.infer<typeof updateProductRequest>;

/** Body of POST /v1/products/{id}/stock-movements; negative takes units off the shelf. */
export const stockMovementRequest = z.strictObject({
  quantity: z
    .int()
    .min(-1_000_000)
    .max(1_000_000)
    .refine((quantity) => quantity !== 0, 'must not be 0'),
  reason: line(200),
});
export type StockMovementRequest = z.infer<typeof stockMovementRequest>;

/** The books of one product: supplied = onHand + reserved + sold. */
export const inventoryResponse = z.object({
  supplied: z.int(),
  onHand: z.int(),
  reserved: z.int(),
  sold: z.int(),
});
export type InventoryResponse = z.infer<typeof inventoryResponse>;
