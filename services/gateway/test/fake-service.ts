import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call as it arrived, bytes and all. */
export interface Arrived {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  rawHeaders: string[];
  body: Buffer;
}

export type Behaviour = (call: Arrived, response: ServerResponse) => void;

/** A service behind the gateway. Answers by `behave`, and what the gateway itself asks for by the members above it. */
export interface FakeService {
  readonly name: string;
  readonly url: string;
  /** Calls of clients, without those the gateway makes for itself. */
  readonly calls: Arrived[];
  ready: boolean;
  /** Bodies of `/openapi.json`, `/internal/revocations` and the key set; without one the answer is a 404. */
  readonly own: Map<string, unknown>;
  /** How often the gateway asked for one of them. */
  asked(path: string): number;
  behave(behaviour: Behaviour): void;
  close(): Promise<void>;
}

export const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json', ...headers });
  response.end(JSON.stringify(body));
};

/** Tells which service it is. */
export const answerAsUsual =
  (name: string): Behaviour =>
  ({ method, url }, response) =>
    json(response, 200, { service: name, method, url });

export async function fakeService(name: string): Promise<FakeService> {
  const calls: Arrived[] = [];
  const own = new Map<string, unknown>();
  const asked = new Map<string, number>();
  let behaviour = answerAsUsual(name);

  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers, rawHeaders } = request;
    const path = url.split('?', 1)[0] ?? '';
    if (path === '/ready') return json(response, service.ready ? 200 : 503, {});
    asked.set(path, (asked.get(path) ?? 0) + 1);
    if (own.has(path)) return json(response, 200, own.get(path));
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const call = { method, url, headers, rawHeaders, body: Buffer.concat(chunks) };
    const isOfGateway = path === '/openapi.json' || path === '/internal/revocations';
    if (isOfGateway) return json(response, 404, {});
    calls.push(call);
    behaviour(call, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const service: FakeService = {
    name,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    ready: true,
    own,
    asked: (path) => asked.get(path) ?? 0,
    behave: (next) => {
      behaviour = next;
    },
    close: async () => {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return service;
}
