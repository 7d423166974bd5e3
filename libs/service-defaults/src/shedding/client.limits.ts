import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { counter } from '@emporium/telemetry';

const cut = counter('emporium_http_slow_readers_cut_total', 'Connections ended because the client did not take its answer.');
const refused = counter('emporium_http_connections_refused_total', 'Connections ended at once because there were too many.');

const everyMs = 1_000;

/** What clients may take of a server by being slow, or many. */
export interface ClientLimits {
  /** How long a client may take to read what is waiting for it. */
  readonly answerTimeoutMs?: number;
  readonly connectionsMax?: number;
}

/**
 * Ends connections whose client does not take its answers: those that have had bytes waiting at every look for so long. Node's own time-out of
 * a socket begins anew with every byte taken, so one byte a minute would keep it. With as many connections as there may be the next is ended at
 * once, and those on which nobody asks for anything make room.
 */
export function limitClients(server: Server, { answerTimeoutMs = 30_000, connectionsMax = 10_000 }: ClientLimits): void {
  /** Connection → since when it has been behind; 0 if it is not. */
  const connections = new Map<Socket, number>();
  let madeRoomAt = Number.NEGATIVE_INFINITY;

  server.on('connection', (socket: Socket) => {
    if (connections.size >= connectionsMax) {
      refused.inc();
      socket.destroy();
      if (performance.now() - madeRoomAt < everyMs) return;
      madeRoomAt = performance.now();
      server.closeIdleConnections();
      return;
    }
    connections.set(socket, 0);
    socket.once('close', () => connections.delete(socket));
  });

  const look = () => {
    const now = performance.now();
    for (const [socket, behindSince] of connections) {
      if (socket.writableLength === 0) {
        if (behindSince !== 0) connections.set(socket, 0);
      } else if (behindSince === 0) {
        connections.set(socket, now);
      } else if (now - behindSince >= answerTimeoutMs) {
        cut.inc();
        socket.destroy();
      }
    }
  };
  const timer = setInterval(look, everyMs).unref();
  server.once('close', () => clearInterval(timer));
}
