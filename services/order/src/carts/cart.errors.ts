import { AppError } from '@emporium/errors';

export const cartIsFull = (largest: number) =>
  new AppError('conflict', 'cart-is-full', `A cart holds at most ${largest} different products.`);

export const cartChanged = () =>
  new AppError('conflict', 'cart-changed', 'The cart changed while it was being bought. Look at it and try again.');

export const productNotFound = (id: string) => new AppError('not-found', 'product-not-found', `There is no product ${id}.`);
