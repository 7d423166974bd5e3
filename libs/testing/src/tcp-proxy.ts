import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A server between a client and the real one that can play dead. */
export interface TcpProxy {
  /** The target's URL with the proxy's address. */
  readonly url: string;
  /** Connections accepted so far. */
  readonly accepted: number;
  readonly mode: 'pass' | 'slow' | 'hang' | 'cut';
  /** From now on accepts and keeps connections, and passes nothing on. */
  hang(): void;
  /** Ends all connections; new ones are refused at once. */
  cut(): void;
  /** From now on everything arrives so many milliseconds late, in both directions. */
  slow(milliseconds: number): void;
  /** The connections there are stay open and silent for ever, new ones work: a firewall that forgot the idle ones. */
  forget(): void;
  /** Behaves again; what was said while it hung is lost, and those connections are ended. */
  resume(): void;
  close(): Promise<void>;
}

/** Stands in front of `targetUrl`. Use it to take a server away from one client without touching the server. */
export async function tcpProxy(targetUrl: string): Promise<TcpProxy> {
  const target = new URL(targetUrl);
  const pairs = new Set<Socket>();
  const forgotten = new WeakSet<Socket>();
  let mode: TcpProxy['mode'] = 'pass';
  let delayMs = 0;
  let accepted = 0;

  const endAll = () => {
    for (const socket of pairs) socket.destroy();
    pairs.clear();
  };
  // Half-open on both sides: a server that hangs does not even take note of a client that leaves.
  // No delay: of many small packets each way, Nagle's algorithm would hold some back for 40 ms.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    accepted += 1;
    if (mode === 'cut') return client.destroy();

    const upstream = connect({ port: Number(target.port), host: target.hostname, allowHalfOpen: true, noDelay: true });
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      pairs.add(from);
      from.on('data', (chunk) => {
        if (forgotten.has(from)) return;
        if (mode === 'pass') to.write(chunk);
        else if (mode === 'slow') setTimeout(() => to.writable && to.write(chunk), delayMs);
      });
      from.on('end', () => {
        if (forgotten.has(from)) return;
        if (mode === 'pass') to.end();
        else if (mode === 'slow') setTimeout(() => to.end(), delayMs);
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        pairs.delete(from);
        to.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(targetUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);

  return {
    url: url.href,
    get accepted() {
      return accepted;
    },
    get mode() {
      return mode;
    },
    slow: (milliseconds) => {
      mode = 'slow';
      delayMs = milliseconds;
    },
    hang: () => {
      mode = 'hang';
    },
    forget: () => {
      mode = 'pass';
      for (const socket of pairs) forgotten.add(socket);
    },
    cut: () => {
      mode = 'cut';
      endAll();
    },
    resume: () => {
      mode = 'pass';
      endAll();
    },
    close: async () => {
      endAll();
      server.close();
      await once(server, 'close');
    },
  };
}
