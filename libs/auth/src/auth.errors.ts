import { AppError } from '@emporium/errors';

/** One answer for every bad user token: what exactly was wrong with it helps only whoever forged it. The cause is kept for the log. */
export const invalidToken = (cause?: unknown) =>
  new AppError('unauthenticated', 'invalid-token', 'The access token is missing, malformed, expired or not meant for us.', {
    cause,
  });

/** As `invalidToken`, for the token a service shows to another. */
export const invalidServiceToken = (cause?: unknown) =>
  new AppError(
    'unauthenticated',
    'invalid-service-token',
    'The service token is missing, malformed, expired or not meant for us.',
    {
      cause,
    },
  );

/** We cannot tell a good token from a bad one: that is our failure, not the caller's. */
export const keysUnavailable = (cause?: unknown) =>
  new AppError('unavailable', 'keys-unavailable', 'Sign-ins cannot be checked at the moment.', { cause, retryAfterSeconds: 1 });

/** Nobody waits for this hash any more: the caller's time was over before it was his turn. */
export const signInLate = () =>
  new AppError('timeout', 'sign-in-late', 'Too many sign-ins at the moment: it was not your turn in time.', {
    retryAfterSeconds: 1,
  });

/** More sign-ins at once than may be hashed. */
export const signInBusy = () =>
  new AppError('unavailable', 'sign-in-busy', 'Too many sign-ins at the moment.', { retryAfterSeconds: 1 });
