import { AppError } from '@emporium/errors';

export const notEnoughOnHand = (onHand: number) =>
  new AppError('conflict', 'not-enough-on-hand', 'Fewer units are on hand than would be taken away.', {
    errors: [{ field: 'quantity', message: `only ${onHand} on hand` }],
  });

export const shelfIsFull = () =>
  new AppError('conflict', 'shelf-is-full', 'The books of one product hold at most 2,147,483,647 units.', {
    errors: [{ field: 'quantity', message: 'is more than the books can hold' }],
  });
