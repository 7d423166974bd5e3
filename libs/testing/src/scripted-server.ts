import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Script = (request: IncomingMessage, response: ServerResponse) => void;

/** An HTTP server that does what the spec says and counts what is really going on. */
export interface ScriptedServer {
  readonly url: string;
  readonly requests: IncomingMessage[];
  /** Requests neither answered nor given up by the client. */
  readonly open: number;
  /** The most that were open at once. */
  readonly mostOpen: number;
  behave(script: Script): void;
  close(): Promise<void>;
}

/** Answers 200 `{}` until told otherwise. */
export async function scriptedServer(): Promise<ScriptedServer> {
  const requests: IncomingMessage[] = [];
  let open = 0;
  let mostOpen = 0;
  let script: Script = (_request, response) => void response.end('{}');

  const server = createServer((request, response) => {
    requests.push(request);
    open += 1;
    mostOpen = Math.max(mostOpen, open);
    response.on('close', () => {
      open -= 1;
    });
    script(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    get open() {
      return open;
    },
    get mostOpen() {
      return mostOpen;
    },
    behave: (next) => {
      script = next;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A script that never answers. */
export const hang: Script = () => undefined;

/** A script that answers at once. */
export const answer =
  (status: number, body: unknown = {}, headers: Record<string, string> = {}): Script =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
