import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Backend, type BackendCounts } from './backend.ts';

export interface BalancerCounts {
  readonly accepted: number;
  /** Connections that were given to a second backend because the first refused. */
  readonly retried: number;
  /** Connections for which there was no backend; their clients see a reset. */
  readonly turnedAway: number;
  readonly backends: Readonly<Record<string, BackendCounts>>;
}

export interface BalancerOptions {
  /** How often `/ready` of each backend is asked. Default 200. */
  readonly everyMs?: number;
}

/**
 * Stands in front of the replicas of one service, as a Kubernetes Service does: it knows connections and not requests. A new connection
 * goes to the ready backend with the fewest; once made, it stays where it is, whatever becomes of the backend's readiness.
 */
export class Balancer {
  private readonly backends = new Map<string, Backend>();
  private readonly clients = new Set<Socket>();
  private accepted = 0;
  private retried = 0;
  private turnedAway = 0;
  private picks = 0;

  private constructor(
    private readonly server: Server,
    private readonly everyMs: number,
  ) {
    server.on('connection', (client) => void this.serve(client));
  }

  /** Listens on a free port of this machine. */
  static async listen({ everyMs = 200 }: BalancerOptions = {}): Promise<Balancer> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    const balancer = new Balancer(server, everyMs);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return balancer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get counts(): BalancerCounts {
    const { accepted, retried, turnedAway } = this;
    return {
      ...{ accepted, retried, turnedAway },
      backends: Object.fromEntries([...this.backends].map(([name, { counts }]) => [name, counts])),
    };
  }

  /** Resolves when the backend has been asked for the first time. */
  async add(name: string, url: string): Promise<void> {
    const backend = new Backend(new URL(url));
    this.backends.set(name, backend);
    await backend.watch(this.everyMs);
  }

  async close(): Promise<void> {
    for (const backend of this.backends.values()) backend.stop();
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const client of this.clients) client.destroy();
    await closed;
  }

  private async serve(client: Socket): Promise<void> {
    this.accepted += 1;
    this.clients.add(client);
    client.once('close', () => this.clients.delete(client));
    client.on('error', () => undefined); // 'close' follows and says the rest
    const refused = new Set<Backend>();
    for (let backend = this.pick(refused); backend !== undefined; backend = this.pick(refused)) {
      const upstream = await backend.connect();
      if (upstream !== undefined) return join(client, upstream);
      refused.add(backend);
      this.retried += 1;
    }
    this.turnedAway += 1;
    client.resetAndDestroy();
  }

  private pick(refused: ReadonlySet<Backend>): Backend | undefined {
    const ready = [...this.backends.values()].filter((backend) => backend.ready && !refused.has(backend));
    const [picked] = ready.sort((a, b) => a.open - b.open || a.lastPick - b.lastPick);
    if (picked !== undefined) picked.lastPick = ++this.picks;
    return picked;
  }
}

/** Passes on what is said, and how it ends: a half that is closed closes that half, a reset resets. */
function join(client: Socket, upstream: Socket): void {
  upstream.on('error', () => undefined); // as above
  passEnd(client, upstream);
  passEnd(upstream, client);
  client.pipe(upstream);
  upstream.pipe(client);
}

function passEnd(from: Socket, to: Socket): void {
  if (from.destroyed) to.resetAndDestroy();
  from.once('close', (hadError) => {
    if (hadError || !from.readableEnded) to.resetAndDestroy();
  });
}
