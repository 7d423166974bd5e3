import { AppError, type FieldError, type Json } from './app-error.ts';
import { kindOfStatus, statusOf, titleOf } from './kind.ts';

/** `application/problem+json` (RFC 9457) with the platform's own members; extensions stand beside them. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  requestId: string;
  code: string;
  errors?: FieldError[];
  /** Whole seconds; the same number as the `Retry-After` header. */
  retryAfterSeconds?: number;
  [extension: string]: unknown;
}

/** The `type` of a code: an identifier, not a page to fetch. */
export const problemType = (code: string): string => `https://emporium.example/problems/${code}`;

const internal = { code: 'internal', title: 'Internal Server Error', status: 500, detail: 'Something went wrong on our side.' };

/**
 * The answer to a failed request. Of an error that is not an AppError nothing leaves the process: 500, code `internal`.
 * Does not log; whoever answers the request does.
 */
export function toProblem(error: unknown, context: { instance: string; requestId: string }): Problem {
  if (!(error instanceof AppError)) return { type: problemType(internal.code), ...internal, ...context };

  return {
    ...error.extensions,
    type: problemType(error.code),
    title: titleOf(error.kind),
    status: statusOf(error.kind),
    detail: error.message,
    instance: context.instance,
    requestId: context.requestId,
    code: error.code,
    ...(error.errors && { errors: [...error.errors] }),
    ...(error.retryAfterSeconds !== undefined && { retryAfterSeconds: error.retryAfterSeconds }),
  };
}

const own = new Set(['type', 'title', 'status', 'detail', 'instance', 'requestId', 'code', 'errors', 'retryAfterSeconds']);

/**
 * What an HTTP client makes of another service's failure: the inverse of toProblem for every kind.
 * A status without a kind becomes `unavailable` from 500 on and `invalid` below; a body that is no problem costs only the details.
 */
export function fromProblem(status: number, body: unknown): AppError {
  const kind = kindOfStatus(status) ?? (status >= 400 && status < 500 ? 'invalid' : 'unavailable');
  const problem = isRecord(body) ? body : {};
  const code = typeof problem.code === 'string' ? problem.code : kind;
  const detail = typeof problem.detail === 'string' ? problem.detail : `The upstream answered with status ${status}.`;
  const extensions = Object.entries(problem).filter(([name]) => !own.has(name));

  return new AppError(kind, code, detail, {
    errors: fieldErrors(problem.errors),
    retryAfterSeconds: seconds(problem.retryAfterSeconds),
    extensions: Object.fromEntries(extensions) as Record<string, Json>,
  });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isFieldError = (value: unknown): value is FieldError =>
  isRecord(value) && typeof value.field === 'string' && typeof value.message === 'string';

const fieldErrors = (value: unknown): FieldError[] | undefined =>
  Array.isArray(value) ? value.filter(isFieldError).map(({ field, message }) => ({ field, message })) : undefined;

const seconds = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;
