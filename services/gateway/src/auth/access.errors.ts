import { AppError } from '@emporium/errors';

export const tokenNeeded = () => new AppError('unauthenticated', 'token-needed', 'Sign in first: this needs an access token.');

export const invalidToken = () => new AppError('unauthenticated', 'invalid-token', 'The access token is not valid (any more).');

export const notAllowed = () => new AppError('forbidden', 'not-allowed', 'Your role does not allow this.');
