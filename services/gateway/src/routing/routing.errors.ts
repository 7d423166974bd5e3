import { AppError } from '@emporium/errors';

export const tooManyRequests = (retryAfterSeconds: number) =>
  new AppError('too-many-requests', 'rate-limited', 'Too many requests. Slow down and try again.', { retryAfterSeconds });

/** A service failed in a way it should not have; its own log says how. */
export const upstreamFailed = (name: string) =>
  new AppError('unavailable', `${name}-unavailable`, 'A part of the shop did not answer as it should. Try again.', {
    retryAfterSeconds: 1,
  });
