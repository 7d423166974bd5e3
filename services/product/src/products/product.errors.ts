import { AppError, type FieldError, invalidField } from '@emporium/errors';

export const productNotFound = (id: string) => new AppError('not-found', 'product-not-found', `There is no product ${id}.`);

export const skuTaken = (sku: string) =>
  new AppError('conflict', 'sku-taken', `Another product has the SKU ${sku}.`, {
    errors: [{ field: 'sku', message: 'is taken by another product' }],
  });

export const productChanged = (id: string) =>
  new AppError('precondition-failed', 'product-changed', `Product ${id} was changed by somebody else. Read it again.`);

export const currencyNotSold = (currency: string) => invalidField('price.currency', `must be ${currency}`);

export const productsUnknown = (errors: FieldError[]) =>
  new AppError('invalid', 'invalid-request', 'Some of the products are not on sale.', { errors });
