import { AppError } from '@emporium/errors';

/** Codes as the services use them for the same refusals. */
export const tokenRequired = () => new AppError('unauthenticated', 'token-required', 'This needs a signed-in user.');

export const sessionEnded = () => new AppError('unauthenticated', 'invalid-token', 'The session of this access token has ended.');

export const roleNotAllowed = () => new AppError('forbidden', 'role-not-allowed', 'This is not for your role.');

/** Nobody has said yet which sessions ended: letting everybody in would open a door to them. */
export const sessionsUnknown = () =>
  new AppError('unavailable', 'sessions-unknown', 'Sign-ins cannot be checked at the moment.', { retryAfterSeconds: 1 });
