import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, type ServerResponse, request as startRequest } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request on its way, with its body. */
export interface Passage {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** What becomes of a request: it goes on, it is answered here, or it is never answered. */
export type Verdict = 'pass' | 'hang' | { readonly status: number; readonly body: string };

/** Stands between two processes as an HTTP server, counts what passes and may answer itself. Unlike a TCP proxy it sees calls. */
export class Toll {
  /** Every request since `forget`, in order. */
  passed: Passage[] = [];
  /** Requests that the caller waits for now; one that he gave up is none. */
  open = 0;
  mostOpen = 0;
  /** Decides about each request. */
  judge: (passage: Passage) => Verdict = () => 'pass';
  readonly #agent = new Agent({ keepAlive: true });
  readonly #server = createServer((request, response) => void this.#take(request, response));

  private constructor(private readonly target: URL) {}

  static async before(address: string): Promise<Toll> {
    const toll = new Toll(new URL(address));
    // Longer than any caller keeps a connection, or one would be closed under a call.
    toll.#server.keepAliveTimeout = 120_000;
    toll.#server.listen(0, '127.0.0.1');
    await once(toll.#server, 'listening');
    return toll;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  forget(): void {
    this.passed = [];
    this.mostOpen = this.open;
  }

  async close(): Promise<void> {
    this.#agent.destroy();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.open += 1;
    this.mostOpen = Math.max(this.mostOpen, this.open);
    response.on('close', () => {
      this.open -= 1;
    });
    const { method = 'GET', url: path = '/' } = request;
    const body = Buffer.concat(await request.toArray().catch(() => []));
    const passage = { method, path, body: body.toString('utf8') };
    this.passed.push(passage);
    const verdict = this.judge(passage);
    if (verdict === 'hang') return;
    if (verdict === 'pass') return this.#forward(request, body, response);
    response.writeHead(verdict.status, { 'content-type': 'application/problem+json' }).end(verdict.body);
  }

  #forward({ method, url: path, headers }: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const { hostname: host, port } = this.target;
    const onward = startRequest({ agent: this.#agent, host, port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => response.writableFinished || onward.destroy());
    onward.end(body);
  }
}
