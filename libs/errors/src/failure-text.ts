import { AppError } from './app-error.ts';

interface Described {
  name?: unknown;
  message?: unknown;
  code?: unknown;
  severity?: unknown;
  constraint?: unknown;
  syscall?: unknown;
  issues?: unknown;
}

const maxLength = 500;

/**
 * One line about a failure that may leave the log: for whoever looks after dead letters. Without a stack, without the statement or the text of
 * a database error, without addresses and paths. The log has the whole.
 */
export function failureText(error: unknown): string {
  if (typeof error !== 'object' || error === null) return withoutAddresses(String(error));
  if (error instanceof AppError) return withoutAddresses(`${error.code}: ${error.message}`);
  const { name, message, code, severity, constraint, syscall, issues } = error as Described;
  if (Array.isArray(issues)) return withoutAddresses(`${name}: ${issues.slice(0, 5).map(issueText).join('; ')}`);
  if (severity !== undefined && typeof code === 'string') {
    return `database error ${code}${typeof constraint === 'string' ? ` (${constraint})` : ''}`;
  }
  if (typeof syscall === 'string' && typeof code === 'string') return `${syscall} failed: ${code}`;
  return withoutAddresses(`${name ?? 'Error'}: ${message ?? ''}`);
}

function issueText(issue: { path?: unknown; message?: unknown } | null): string {
  const path = Array.isArray(issue?.path) ? issue.path.map(String).join('.') : '';
  return path === '' ? String(issue?.message) : `${path}: ${issue?.message}`;
}

/** URLs, host:port, IPv4 addresses and file paths. Every run is bounded. */
const addresses =
  /\b[a-z][a-z0-9+.-]{0,20}:\/\/\S{1,500}|\b(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?\b|\b[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}:\d{2,5}\b|(?:\/[\w.@-]{1,100}){2,20}/gi;

function withoutAddresses(text: string): string {
  const [firstLine = ''] = text.slice(0, 4 * maxLength).split('\n', 1);
  return firstLine.replaceAll('\0', '').replace(addresses, '[address]').slice(0, maxLength);
}
