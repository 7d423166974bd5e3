import { AppError } from '@emporium/errors';
import Stripe from 'stripe';
import { outcomeUnknown, providerRefusesUs } from './provider.errors.ts';

/** What a failed call of the SDK is to us; anything that is no failure of the provider stays as it is. */
export function providerFailure(error: unknown): unknown {
  if (error instanceof AppError) return error;
  if (!(error instanceof Stripe.errors.StripeError)) return error;
  if (error.detail instanceof AppError) return error.detail;
  if (error.statusCode === 401 || error.statusCode === 403) return providerRefusesUs(error);
  return outcomeUnknown(error.code ?? error.message, error);
}
