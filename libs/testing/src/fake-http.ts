import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call a fake has received. `body` is parsed JSON, or the text when it is none, or undefined when it was empty. */
export interface RecordedCall {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Record<string, string | string[] | undefined>;
  body: unknown;
}

/** What a fake answers: status 200 and JSON unless said otherwise. 'hang' never answers, 'drop' breaks the connection. */
export type FakeAnswer =
  | { status?: number; body?: unknown; headers?: Record<string, string>; delayMs?: number }
  | 'hang'
  | 'drop';

/** Answers of a route: always the same, or made from the call and the parts of the path that matched `:names`. */
export type FakeRoute = FakeAnswer | ((call: RecordedCall, params: Record<string, string>) => FakeAnswer | Promise<FakeAnswer>);

/** A tiny HTTP server in the place of another service. */
export interface FakeHttp {
  url: string;
  /** All calls so far, in order. */
  calls: RecordedCall[];
  /** Calls of one method and path: `callsOf('POST', '/internal/quotes')`. */
  callsOf(method: string, path: string): RecordedCall[];
  /** Changes or adds a route: `on('PUT /internal/reservations/:orderId', { status: 409, body })`. */
  on(route: string, answer: FakeRoute): void;
  /** Ends it at once, connections included. */
  close(): Promise<void>;
}

/** Starts a fake: `await fakeHttp({ 'POST /internal/quotes': { body: { lines: [] } } })`. Unknown routes are a problem with status 404. */
export async function fakeHttp(routes: Record<string, FakeRoute> = {}, { port = 0 }: { port?: number } = {}): Promise<FakeHttp> {
  const table = new Map(Object.entries(routes));
  const calls: RecordedCall[] = [];

  const server = createServer(async (request, response) => {
    try {
      const call = await readCall(request);
      calls.push(call);
      await respond(await answerOf(table, call), response);
    } catch (error) {
      // What a spec's own route raises must fail the spec visibly: the message is the answer.
      response.writeHead(500).end(String(error));
    }
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    callsOf: (method, path) => calls.filter((call) => call.method === method && call.path === path),
    on: (route, answer) => table.set(route, answer),
    close: () => closeNow(server),
  };
}

async function readCall(request: IncomingMessage): Promise<RecordedCall> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fake');
  const text = Buffer.concat(chunks).toString();
  return { method: request.method ?? '', path: pathname, query: searchParams, headers: request.headers, body: parse(text) };
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the spec sees the text itself.
    return text;
  }
}

async function answerOf(table: Map<string, FakeRoute>, call: RecordedCall): Promise<FakeAnswer> {
  for (const [route, answer] of table) {
    const params = match(route, `${call.method} ${call.path}`);
    if (params !== undefined) return typeof answer === 'function' ? answer(call, params) : answer;
  }
  return { status: 404, body: { title: 'Not Found', status: 404, code: 'not-found', detail: `${call.method} ${call.path}` } };
}

function match(route: string, call: string): Record<string, string> | undefined {
  const names: string[] = [];
  const pattern = route
    .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/:(\w+)/g, (_, name: string) => `([^/]+)${names.push(name) && ''}`);
  const found = new RegExp(`^${pattern}$`).exec(call);
  return found === null ? undefined : Object.fromEntries(names.map((name, index) => [name, found[index + 1] ?? '']));
}

async function respond(answer: FakeAnswer, response: ServerResponse): Promise<void> {
  if (answer === 'hang') return;
  if (answer === 'drop') {
    response.destroy();
    return;
  }
  const { status = 200, body, headers = {}, delayMs = 0 } = answer;
  if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
  const type = status >= 400 ? 'application/problem+json' : 'application/json';
  response.writeHead(status, body === undefined ? headers : { 'content-type': type, ...headers });
  response.end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
}

async function closeNow(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
