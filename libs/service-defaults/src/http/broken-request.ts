import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { AppError, toProblem } from '@emporium/errors';
import { problemContentType } from './problem.ts';

const headersTooLarge = new AppError('headers-too-large', 'headers-too-large', 'The address or the headers are too long.');
const tooSlow = new AppError('timeout', 'request-too-slow', 'The request did not arrive in time.');
const malformed = new AppError('invalid', 'malformed-request', 'This is not HTTP.');

const foreseen: Record<string, AppError> = { HPE_HEADER_OVERFLOW: headersTooLarge, ERR_HTTP_REQUEST_TIMEOUT: tooSlow };

/** Whoever does not close his side after that is left. */
const lingerMs = 1_000;

type Headers = Readonly<Record<string, string>>;

/** Answers what Node could not read as a request, so there is neither request nor reply: by hand, on the socket. */
export function brokenRequest(error: Error & { code?: string }, socket: Socket, answerHeaders: Headers = {}): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const found = foreseen[error.code ?? ''] ?? malformed;
  // 408 is what HTTP has for this and no other failure of ours is; it has no kind.
  answerOnSocket(socket, found, { status: found === tooSlow ? 408 : undefined, headers: answerHeaders });
}

/**
 * Writes a whole problem to a socket that no request is on, and ends it. Not at once: a connection that is closed while bytes of the
 * client lie unread takes the answer with it.
 */
export function answerOnSocket(
  socket: Socket,
  error: AppError,
  { status: other, headers }: { status?: number; headers: Headers },
): void {
  const requestId = randomUUID();
  const problem = toProblem(error, { instance: '', requestId });
  const status = other ?? problem.status;
  const title = STATUS_CODES[status] ?? problem.title;
  const body = JSON.stringify({ ...problem, status, title });
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    `content-type: ${problemContentType}`,
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
    'connection: close',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  setTimeout(() => socket.destroy(), lingerMs).unref();
}
