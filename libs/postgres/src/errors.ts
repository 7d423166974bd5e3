import { AppError } from '@emporium/errors';

interface ErrorWithCode {
  code?: unknown;
  constraint?: unknown;
  message?: unknown;
  severity?: unknown;
}

const isObject = (error: unknown): error is ErrorWithCode => typeof error === 'object' && error !== null;

/** SQLSTATE of a database error, or the system's code (`ECONNREFUSED`) of a connection error; also looks behind an AppError made here. */
export function codeOf(error: unknown): string | undefined {
  if (error instanceof AppError) return codeOf(error.cause);
  return isObject(error) && typeof error.code === 'string' ? error.code : undefined;
}

const violates = (sqlState: string) => (error: unknown, constraint?: string) =>
  isObject(error) && error.code === sqlState && (constraint === undefined || error.constraint === constraint);

/** Whether a unique index refused the row; with a constraint name: exactly that one. */
export const isUniqueViolation = violates('23505');
/** Whether a check constraint refused the row; with a constraint name: exactly that one. */
export const isCheckViolation = violates('23514');
/** Whether a foreign key refused the row; with a constraint name: exactly that one. */
export const isForeignKeyViolation = violates('23503');

/** A serialization failure or a deadlock: the database rolled everything back and asks to try again. */
export const isRetryable = (error: unknown) => ['40001', '40P01'].includes(codeOf(error) ?? '');

const connectionCodes = new Set([
  ...['57P01', '57P02', '57P03', '57P05', '25P03', '25P04', '53000', '53100', '53200', '53300', '25006'],
  ...['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOENT'],
]);

// pg raises these without a code.
const connectionMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Client has encountered a connection error|Client was closed|Cannot use a pool after calling end)/;

/** Whether the connection, not the statement, is at fault. Whether a statement in flight took effect is then unknown. */
export function isConnectionError(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined) return connectionCodes.has(code) || code.startsWith('08');
  return isObject(error) && typeof error.message === 'string' && connectionMessages.test(error.message);
}

const isBusy = (error: unknown) => ['55P03', '57014', '40001', '40P01'].includes(codeOf(error) ?? '');

const isBadText = (error: unknown) => ['22021', '22P05'].includes(codeOf(error) ?? '');

/**
 * What callers of this library see: a lost or refused connection and an exhausted pool are 'database-unavailable', a lock or statement
 * time-out is 'database-busy' (both 503, try again in a second), text Postgres cannot store is 'invalid-request'. Everything else passes unchanged.
 */
export function toAppError(error: unknown): unknown {
  if (error instanceof AppError) return error;
  if (isConnectionError(error)) return databaseUnavailable(error);
  if (isBusy(error)) return databaseBusy(error);
  if (isBadText(error))
    return new AppError('invalid', 'invalid-request', 'Text contains characters that cannot be stored.', { cause: error });
  return error;
}

const databaseUnavailable = (cause: unknown) =>
  new AppError('unavailable', 'database-unavailable', 'The database cannot be reached.', { cause, retryAfterSeconds: 1 });

/** Nobody waits for the answer any more, so the database is not asked. */
export const deadlinePassed = () =>
  new AppError('timeout', 'deadline-passed', 'The time for this request is over.', { retryAfterSeconds: 1 });

const databaseBusy = (cause: unknown) =>
  new AppError('unavailable', 'database-busy', 'The database is busy with the same rows.', { cause, retryAfterSeconds: 1 });
