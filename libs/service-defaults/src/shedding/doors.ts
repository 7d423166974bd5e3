import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** Connections that wait to be accepted at each door; the kernel takes its own bound if that is lower. */
const backlog = 1_024;
const doors = 64;

interface Address {
  readonly port: number;
  readonly host: string;
}

/** What `listen` of a server is to be given. */
export interface ListenOptions extends Address {
  readonly backlog: number;
  readonly reusePort: boolean;
}

/**
 * Where a server listens so that a crowd gets in. Node accepts one connection a turn of the event loop
 * (https://github.com/libuv/libuv/pull/3696): a process whose turns take 20 ms accepts fifty a second, the kernel's queue overflows, and
 * clients wait for seconds before they can even be refused. So there are 64 sockets on the same port (SO_REUSEPORT), each of which
 * accepts one a turn; the kernel spreads the crowd over them.
 */
export class Doors {
  private more: Server[] = [];

  constructor(private readonly server: HttpServer) {}

  /** `listen` makes the server itself listen. Raises what it raises, and EADDRINUSE for a port that somebody else has. */
  async open({ port, host }: Address, listen: (options: ListenOptions) => Promise<unknown>): Promise<void> {
    if (port !== 0) await mustBeFree(port, host);
    // Elsewhere the option does not exist, or does not spread connections.
    const reusePort = process.platform === 'linux';
    await listen({ port, host, backlog, reusePort });
    if (reusePort) this.more = await Promise.all(Array.from({ length: doors - 1 }, () => openDoor(this.server)));
  }

  /** Closes all but the server's own, and resolves when their connections have ended. */
  async close(): Promise<void> {
    await Promise.all(this.more.map((door) => new Promise((resolve) => door.close(resolve))));
  }
}

/** Two processes may share a port with SO_REUSEPORT, and each would get half of the other's clients. */
async function mustBeFree(port: number, host: string): Promise<void> {
  const probe = createServer().listen({ port, host });
  await once(probe, 'listening');
  await new Promise((resolve) => probe.close(resolve));
}

async function openDoor(server: HttpServer): Promise<Server> {
  const { port, address: host } = server.address() as AddressInfo;
  // As http makes its own.
  const door = createServer({ allowHalfOpen: true, noDelay: true }, (socket: Socket) => void server.emit('connection', socket));
  door.listen({ port, host, backlog, reusePort: true });
  await once(door, 'listening');
  return door;
}
