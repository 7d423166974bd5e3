import { AppError } from '@emporium/errors';

/** The same words whether the address is unknown or the password wrong. */
export const wrongCredentials = () =>
  new AppError('unauthenticated', 'wrong-credentials', 'The e-mail address or the password is not right.');

export const signInLocked = (retryAfterSeconds: number) =>
  new AppError('too-many-requests', 'sign-in-locked', 'There were too many wrong passwords. Try again later.', {
    retryAfterSeconds,
  });
