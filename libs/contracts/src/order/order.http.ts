import { z } from 'zod';
import { address, cursor, id, integerText, line, moment, money, pageOf, positiveMoney } from '../primitives.ts';

/** How many pieces of one product a line or a cart may hold. */
const quantity = z.int().min(1).max(99);

export const orderStatus = z.enum(['pending', 'confirmed', 'rejected', 'cancelled', 'shipped', 'delivered']);
export type OrderStatus = z.infer<typeof orderStatus>;

/** Body of POST /v1/orders. No price in it: prices are the product service's word. Without `items` the cart is bought. */
export const placeOrderRequest = z.strictObject({
  items: z
    .array(z.strictObject({ productId: id, quantity }))
    .min(1)
    .max(50)
    .optional(),
  shippingAddress: address,
  paymentMethod: z.string().regex(/^pm_[A-Za-z0-9_]{1,100}$/, "must be a payment method, like 'pm_card_visa'"),
});
export type PlaceOrderRequest = z.infer<typeof placeOrderRequest>;

/** One product of an order or a cart. */
export const orderItem = z.object({
  productId: id,
  name: z.string(),
  quantity: z.int(),
  unitPrice: money,
  lineTotal: money,
});
export type OrderItem = z.infer<typeof orderItem>;

/** One change of an order's status. Versions count up by one from 1; the first is `pending`. */
export const orderHistoryEntry = z.object({ status: orderStatus, version: z.int(), at: moment, cause: z.string() });

/** Answer of every route that returns one order. */
export const orderResponse = z.object({
  id,
  userId: id,
  status: orderStatus,
  items: z.array(orderItem),
  total: money,
  shippingAddress: address,
  createdAt: moment,
  updatedAt: moment,
  version: z.int(),
  history: z.array(orderHistoryEntry),
});
export type OrderResponse = z.infer<typeof orderResponse>;
export const orderListResponse = pageOf(orderResponse);

/** Body of PUT /v1/cart/items/{productId}. */
export const cartItemRequest = z.strictObject({ quantity });
export type CartItemRequest = z.infer<typeof cartItemRequest>;

/** Answer of every cart route; priced at the moment of the answer. */
export const cartResponse = z.object({ items: z.array(orderItem), total: money });
export type CartResponse = z.infer<typeof cartResponse>;

/** Query of GET /v1/admin/orders. */
export const adminOrderListQuery = z.object({
  status: orderStatus.optional(),
  limit: integerText(1, 100).default(20),
  cursor: cursor.optional(),
});
export type AdminOrderListQuery = z.infer<typeof adminOrderListQuery>;

/** Body of POST /v1/admin/orders/{id}/refunds. */
export const refundOrderRequest = z.strictObject({ amount: positiveMoney, reason: line(200) });
export type RefundOrderRequest = z.infer<typeof refundOrderRequest>;

/** Answer of POST /v1/admin/orders/{id}/refunds. */
export const orderRefundResponse = z.object({
  id,
  orderId: id,
  amount: money,
  reason: z.string(),
  status: z.enum(['pending', 'succeeded', 'failed']),
});
export type OrderRefundResponse = z.infer<typeof orderRefundResponse>;
