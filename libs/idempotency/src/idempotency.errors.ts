import { AppError } from '@emporium/errors';

/** The first request with this key is still being worked on (409). */
export const inProgress = () =>
  new AppError('conflict', 'in-progress', 'A request with this Idempotency-Key is still being worked on.', {
    retryAfterSeconds: 1,
  });

/** The key was used for another request (422). */
export const keyReused = () =>
  new AppError('unprocessable', 'idempotency-key-reused', 'This Idempotency-Key was used with a different request.');
