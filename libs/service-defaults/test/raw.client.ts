import { connect, type Socket } from 'node:net';

/** A client that says exactly what the spec wants, and no more. */
export interface RawClient {
  readonly socket: Socket;
  /** All it has heard. */
  readonly heard: () => string;
  /** Resolves when the connection has ended, whoever ended it. */
  readonly ended: Promise<void>;
}

/** With `stays` it does not close its own side when the server closes the other. */
export function rawClient(url: string, first = '', { stays = false } = {}): RawClient {
  const { port, hostname } = new URL(url);
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: stays });
  let heard = '';
  socket.setEncoding('latin1');
  socket.on('data', (text) => {
    heard += text;
  });
  // A server may cut it off at any time: that is what the specs look at.
  socket.on('error', () => socket.destroy());
  if (first !== '') socket.write(first);
  return { socket, heard: () => heard, ended: new Promise((resolve) => socket.once('close', () => resolve())) };
}

/** Says it, and returns all that was answered until the server closed. */
export async function say(url: string, text: string): Promise<string> {
  const { heard, ended } = rawClient(url, text);
  await ended;
  return heard();
}

/** Status and JSON body of an answer on a raw connection. */
export function parsed(answer: string): { status: number; head: string; body: Record<string, unknown> } {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  return { status: Number(head.slice(9, 12)), head: head.toLowerCase(), body: JSON.parse(body) as Record<string, unknown> };
}
