import { AppError } from '@emporium/errors';

export const outcomeUnknown = (detail: string, cause?: unknown) =>
  new AppError('unavailable', 'payment-outcome-unknown', `The payment provider has not said what became of it: ${detail}`, {
    cause,
    retryAfterSeconds: 1,
  });

export const providerRefusesUs = (cause: unknown) =>
  new AppError('unavailable', 'payment-provider-misconfigured', 'The payment provider does not accept our credentials.', {
    cause,
    retryAfterSeconds: 30,
  });

export const webhookRefused = (cause: unknown) =>
  new AppError(
    'invalid',
    'webhook-refused',
    'The body is not an event that the payment provider signed within the last five minutes.',
    {
      cause,
    },
  );
