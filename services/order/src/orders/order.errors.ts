import { AppError, invalidField } from '@emporium/errors';

export const orderIsEmpty = () => invalidField('items', 'must name at least one product, or the cart must hold one');

/** Names the products as the client numbered them. */
export const notOnSale = (items: readonly { productId: string }[], gone: readonly string[]) =>
  new AppError('invalid', 'invalid-request', 'Some of the products are not on sale.', {
    errors: items.flatMap(({ productId }, index) =>
      gone.includes(productId.toLowerCase()) ? [{ field: `items.${index}.productId`, message: 'is not on sale' }] : [],
    ),
  });

export const orderTooLarge = (largest: number) =>
  invalidField('items', `must not cost more than ${largest} minor units together`);

export const orderNotFound = (id: string) => new AppError('not-found', 'order-not-found', `There is no order ${id}.`);

export const orderCannotBecome = (id: string, from: string, to: string) =>
  new AppError('conflict', 'order-cannot-change', `Order ${id} is ${from} and cannot become ${to}.`);

export const orderNotRefundable = (id: string, status: string) =>
  new AppError('conflict', 'order-not-refundable', `Order ${id} is ${status}; only a paid order can be refunded.`);
