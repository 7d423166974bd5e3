import type { ErrorKind } from './kind.ts';

/** Anything that survives a trip through JSON. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** One bad field of a request. `field` is a dotted path: `items.0.quantity`. */
export interface FieldError {
  field: string;
  message: string;
}

/** `retryAfterSeconds` is whole seconds and becomes `Retry-After`; `extensions` become members of the problem. */
export interface AppErrorOptions {
  cause?: unknown;
  errors?: FieldError[];
  retryAfterSeconds?: number;
  extensions?: Record<string, Json>;
}

/**
 * A foreseen failure: its kind decides the status, its code is stable and may be matched on, its message is shown to the client.
 * Not for bugs: throw a plain Error for those, it is answered with a bare 500.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly errors: readonly FieldError[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly extensions: Readonly<Record<string, Json>>;

  constructor(
    readonly kind: ErrorKind,
    readonly code: string,
    message: string,
    options: AppErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.errors = options.errors;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.extensions = options.extensions ?? {};
  }
}

/** A 400 with code `invalid-request` that names one field. For rules a schema cannot say; schemas list their fields themselves. */
export const invalidField = (field: string, message: string): AppError =>
  new AppError('invalid', 'invalid-request', `The field ${field} ${message}.`, { errors: [{ field, message }] });
