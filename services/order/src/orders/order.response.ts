import type { OrderResponse } from '@emporium/contracts/order';
import { lineTotal, type Order } from './order.ts';

/** Lists the fields that may leave; a new column never leaks by itself. */
export const toResponse = (order: Order): OrderResponse => ({
  id: order.id,
  userId: order.userId,
  status: order.status,
  items: order.lines.map((line) => ({
    productId: line.productId,
    name: line.name,
    quantity: line.quantity,
    unitPrice: line.unitPrice,
    lineTotal: lineTotal(line),
  })),
  total: order.total,
  shippingAddress: toAddress(order.shippingAddress),
  createdAt: order.createdAt.toISOString(),
  updatedAt: order.updatedAt.toISOString(),
  version: order.version,
  history: order.history.map(({ status, version, at, cause }) => ({ status, version, at: at.toISOString(), cause })),
});

/** In the order of the contract; the database keeps an order of its own. */
const toAddress = ({
  name,
  line1,
  line2,
  city,
  postalCode,
  country,
}: Order['shippingAddress']): OrderResponse['shippingAddress'] => ({
  name,
  line1,
  ...(line2 !== undefined && { line2 }),
  city,
  postalCode,
  country,
});
