import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { AppError, toProblem } from '@emporium/errors';

const headersTooLarge = new AppError('headers-too-large', 'headers-too-large', 'The address or the headers are too long.');
const tooSlow = new AppError('timeout', 'request-too-slow', 'The request did not arrive in time.');
const malformed = new AppError('invalid', 'malformed-request', 'This is not HTTP.');

const foreseen: Record<string, AppError> = { HPE_HEADER_OVERFLOW: headersTooLarge, ERR_HTTP_REQUEST_TIMEOUT: tooSlow };

/** Answers what Node could not read as a request, so there is neither request nor reply: by hand, on the socket. */
export function brokenRequest(
  error: Error & { code?: string },
  socket: Socket,
  answerHeaders: Readonly<Record<string, string>> = {},
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const requestId = randomUUID();
  const found = foreseen[error.code ?? ''] ?? malformed;
  const problem = toProblem(found, { instance: '', requestId });
  // 408 is what HTTP has for this and no other failure of ours is; it has no kind.
  const status = found === tooSlow ? 408 : problem.status;
  const title = STATUS_CODES[status] ?? problem.title;
  const body = JSON.stringify({ ...problem, status, title });
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    'content-type: application/problem+json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
    'connection: close',
    ...Object.entries(answerHeaders).map(([name, value]) => `${name}: ${value}`),
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
