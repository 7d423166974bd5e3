import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { inject } from 'vitest';

export interface RawRequest {
  readonly method: string;
  /** Goes onto the wire as it stands: nothing is normalised or escaped. */
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 16 });

/** What `fetch` would not send: any header, any path, any bytes. Adds the length of the body, unless it goes in pieces, and nothing else. */
export function send({ method, path, headers = {}, body }: RawRequest): Promise<RawAnswer> {
  const { hostname, port } = new URL(inject('gatewayUrl'));
  return new Promise((resolve, reject) => {
    const inPieces = headers['transfer-encoding'] !== undefined;
    const length = body === undefined || inPieces ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const call = request({ hostname, port, method, path, agent, headers: { ...length, ...headers }, timeout: 20_000 });
    call.on('response', (answer) => {
      text(answer).then((all) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: all }), reject);
    });
    call.on('timeout', () => call.destroy(new Error(`${method} ${path} was not answered`)));
    call.on('error', reject);
    call.end(body);
  });
}

export const get = (path: string, headers: Record<string, string> = {}) => send({ method: 'GET', path, headers });

/** Bytes that need not be HTTP; answered with everything that came back until the connection ended. */
export function sendBytes(bytes: string): Promise<string> {
  const { hostname, port } = new URL(inject('gatewayUrl'));
  const socket = connect(Number(port), hostname, () => socket.write(bytes, 'latin1'));
  return text(socket);
}
