/** What Stripe puts under `error` in a failed answer. */
export interface StripeErrorBody {
  type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';
  message: string;
  code?: string;
  decline_code?: string;
  param?: string;
  charge?: string;
  payment_intent?: object;
}

/**
 * A refusal as Stripe words it. `stored` says whether the answer belongs to its idempotency key: Stripe keeps what came out of
 * a request that began to execute (a decline), and keeps nothing of one that was refused at the door (a missing parameter).
 */
export class StripeApiError extends Error {
  constructor(
    readonly status: number,
    readonly body: StripeErrorBody,
    readonly stored: boolean,
  ) {
    super(body.message);
  }
}

export const invalidParameter = (param: string, message: string, code?: string) =>
  new StripeApiError(400, { type: 'invalid_request_error', message, param, ...(code && { code }) }, false);

export const missingParameter = (param: string) =>
  invalidParameter(param, `Missing required param: ${param}.`, 'parameter_missing');

export const noSuch = (noun: string, id: string, param: string, status = 404) =>
  new StripeApiError(
    status,
    { type: 'invalid_request_error', code: 'resource_missing', message: `No such ${noun}: '${id}'`, param },
    false,
  );

export const unauthorized = () =>
  new StripeApiError(
    401,
    { type: 'invalid_request_error', message: 'You did not provide an API key. Use the Authorization header: Bearer YOUR_KEY.' },
    false,
  );

export const keyUsedWithOtherParameters = (key: string) =>
  new StripeApiError(
    400,
    {
      type: 'idempotency_error',
      message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
    },
    false,
  );

export const keyInUse = (key: string) =>
  new StripeApiError(
    409,
    {
      type: 'idempotency_error',
      code: 'idempotency_key_in_use',
      message: `There is currently another in-progress request using this Idempotent Key: ${key}`,
    },
    false,
  );

/** A 400 from a request that ran and could not be done. */
export const cannotBeDone = (code: string | undefined, message: string, extra: Partial<StripeErrorBody> = {}) =>
  new StripeApiError(400, { type: 'invalid_request_error', message, ...(code && { code }), ...extra }, true);

export const injectedFailure = (status: number) =>
  new StripeApiError(
    status,
    {
      type: status === 429 ? 'invalid_request_error' : 'api_error',
      message: `The simulator was told to answer ${status}.`,
      ...(status === 429 && { code: 'rate_limit' }),
    },
    false,
  );
