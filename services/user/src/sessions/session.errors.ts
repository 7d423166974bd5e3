import { AppError } from '@emporium/errors';

/** One answer for unknown, expired, ended and stolen tokens: the bearer has to sign in again. */
export const invalidRefreshToken = () =>
  new AppError('unauthenticated', 'invalid-refresh-token', 'The refresh token is not valid (any more). Sign in again.');

export const sessionEnded = () => new AppError('unauthenticated', 'session-ended', 'This session has ended. Sign in again.');

export const sessionNotFound = (id: string) => new AppError('not-found', 'session-not-found', `There is no session ${id}.`);
