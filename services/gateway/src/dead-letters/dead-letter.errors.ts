import { AppError } from '@emporium/errors';

/** What was asked for may be with a service that did not answer. */
export const deadLettersUnavailable = (services: readonly string[]) =>
  new AppError(
    'unavailable',
    'dead-letters-unavailable',
    `Not every service could be asked for its dead letters: ${services.join(', ')} did not answer. Try again.`,
    { retryAfterSeconds: 1 },
  );
