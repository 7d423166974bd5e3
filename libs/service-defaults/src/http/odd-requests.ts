import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { AppError, toProblem } from '@emporium/errors';
import { requestIdOf } from './begin-request.hook.ts';
import { answerOnSocket } from './broken-request.ts';
import { problemContentType } from './problem.ts';
import { methodNotAllowed } from './request.errors.ts';

type Headers = () => Readonly<Record<string, string>>;

const expectationFailed = new AppError('invalid', 'expectation-failed', 'Nothing but 100-continue can be expected here.');
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * Answers what Node would not even show to a handler: an `Expect` of something unknown (a bare 417), and CONNECT, which asks for a tunnel (a
 * closed socket). A wish to upgrade is no trouble: Node leaves it unheard, as HTTP allows, and the request is a usual one.
 */
export function answerOddRequests(server: Server, headers: Headers): void {
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    const requestId = requestIdOf(request);
    const problem = toProblem(expectationFailed, { instance: '', requestId });
    // 417 is for this alone, so no kind of ours stands for it.
    const body = JSON.stringify({ ...problem, status: 417, title: 'Expectation Failed' });
    response.writeHead(417, {
      ...headers(),
      'content-type': problemContentType,
      'content-length': Buffer.byteLength(body),
      'x-request-id': requestId,
    });
    response.end(body);
  });

  server.on('connect', (_request: IncomingMessage, socket: Socket) => {
    socket.on('error', () => socket.destroy());
    answerOnSocket(socket, methodNotAllowed(methods), { headers: { ...headers(), allow: methods.join(', ') } });
  });
}
