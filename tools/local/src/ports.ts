import { createServer, type Server } from 'node:net';
import { codeOf, StartError } from './errors.ts';

export const HOST = '127.0.0.1';

export interface PortUse {
  readonly port: number;
  /** Who wants it, as the message should name it: `the gateway`. */
  readonly who: string;
  /** How the person can choose another port, if there is a way. */
  readonly setting?: string;
}

// Systems give outgoing connections ports from 32768 on. One of those would be taken now and then by some connection before its server
// listens, or while a killed server is away.
const FIRST = 10_000;
const LAST = 32_767;

/** `count` different ports that nobody listens on. All are held until the last is found, so none is given twice. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listenSomewhere));
  const ports = servers.map(portOf);
  await Promise.all(servers.map(close));
  return ports;
}

async function listenSomewhere(): Promise<Server> {
  for (;;) {
    try {
      return await listen(FIRST + Math.floor(Math.random() * (LAST - FIRST + 1)));
    } catch (error) {
      if (codeOf(error) !== 'EADDRINUSE') throw error;
    }
  }
}

/** Throws one message naming every port that cannot be had and who needs it. */
export async function assertPortsFree(uses: readonly PortUse[]): Promise<void> {
  const problems = (await Promise.all(uses.map(problemWith))).filter((problem) => problem !== undefined);
  if (problems.length > 0) throw new StartError(problems.join('\n'));
}

async function problemWith({ port, who, setting }: PortUse): Promise<string | undefined> {
  try {
    await close(await listen(port));
    return undefined;
  } catch (error) {
    const hint =
      setting === undefined ? 'End the program that uses it and try again.' : `Free it, or choose another with ${setting}.`;
    switch (codeOf(error)) {
      case 'EADDRINUSE':
        return `Port ${port} is taken, and ${who} needs it. ${hint}`;
      case 'EACCES':
        return `Port ${port} may not be used by this user, and ${who} needs it. ${hint}`;
      default:
        throw error;
    }
  }
}

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: HOST, exclusive: true }, () => resolve(server));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server does not listen on a port.');
  return address.port;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));
}
