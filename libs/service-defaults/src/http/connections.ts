import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface ConnectionsOptions {
  /** A connection older than this, more or less, ends after its next answer. Default: never. */
  readonly ageMs?: number;
}

interface Use {
  readonly since: number;
  readonly endsAt: number;
  /** Answers that are owed, or not yet taken in full. */
  readonly owed: Set<ServerResponse>;
  asked: boolean;
}

/** A client that has just connected is about to ask; one that was silent for longer has connected to be quick later, as browsers do. */
const FRESH_MS = 1_000;
const SWEEP_MS = 50;

/**
 * The connections of one server and what they are used for, so that it can end without cutting anything off. They grow old: a balancer
 * decides once for each, and a client that keeps its own for ever would never find a replica that came later. Node's own
 * `closeIdleConnections` takes a connection for idle whose answer a slow client has not taken yet, and one whose next request has
 * arrived and was not read; one on which nothing was ever asked it waits for.
 */
export class Connections {
  private readonly uses = new Map<Socket, Use>();
  private retired = false;

  constructor(
    private readonly server: Server,
    { ageMs = Number.POSITIVE_INFINITY }: ConnectionsOptions = {},
  ) {
    server.on('connection', (socket: Socket) => {
      const since = performance.now();
      // Made together, they must not end together.
      const endsAt = since + ageMs * (0.75 + Math.random() / 2);
      this.uses.set(socket, { since, endsAt, owed: new Set(), asked: false });
      socket.once('close', () => this.uses.delete(socket));
    });
    // Before the handler, which may answer at once.
    server.prependListener('request', ({ socket }, response) => {
      const use = this.uses.get(socket);
      if (use === undefined) return;
      use.asked = true;
      use.owed.add(response);
      response.once('close', () => use.owed.delete(response));
      if (this.retired || performance.now() > use.endsAt) response.shouldKeepAlive = false;
    });
  }

  /** From now on every answer, those to earlier requests included, says `Connection: close`: clients make their next one elsewhere. */
  retire(): void {
    this.retired = true;
    for (const { owed } of this.uses.values()) for (const response of owed) response.shouldKeepAlive = false;
  }

  /** Closes connections as they become idle, until `closeServer`, which must stop the listening, has resolved. */
  async close(closeServer: () => Promise<unknown>): Promise<void> {
    this.retire();
    // Node calls it from `server.close`.
    this.server.closeIdleConnections = () => undefined;
    // The second one comes right after a look at all sockets: everything that has arrived has been read.
    const sweep = () => setImmediate(() => setImmediate(() => this.endIdle()));
    const sweeping = setInterval(sweep, SWEEP_MS);
    sweep();
    try {
      await closeServer();
    } finally {
      clearInterval(sweeping);
    }
  }

  private endIdle(): void {
    const freshSince = performance.now() - FRESH_MS;
    for (const [socket, { owed, asked, since }] of this.uses) {
      if (owed.size === 0 && (asked || since < freshSince)) socket.destroy();
    }
  }
}
