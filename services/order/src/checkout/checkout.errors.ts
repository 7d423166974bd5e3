import { AppError } from '@emporium/errors';

/** Nothing was stored, so the same key may be used again. */
export const checkoutBusy = () =>
  new AppError('unavailable', 'checkout-busy', 'More customers are at the checkout than it can serve. Try again in a moment.', {
    retryAfterSeconds: 1,
  });
