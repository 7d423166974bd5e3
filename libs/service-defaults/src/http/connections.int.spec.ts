import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Connections, type ConnectionsOptions } from './connections.ts';

describe('the connections of a server', () => {
  const cleanUps: (() => unknown)[] = [];
  afterEach(() => {
    for (const cleanUp of cleanUps.splice(0)) cleanUp();
  });

  async function serving(
    answer: RequestListener,
    options?: ConnectionsOptions,
  ): Promise<{ server: Server; connections: Connections; dial: () => Socket; url: string }> {
    const server = createServer(answer);
    const connections = new Connections(server, options);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    cleanUps.push(() => server.close().closeAllConnections());
    const { port } = server.address() as AddressInfo;
    const dial = () => {
      const socket = connect(port, '127.0.0.1');
      cleanUps.push(() => socket.destroy());
      return socket;
    };
    return { server, connections, dial, url: `http://127.0.0.1:${port}` };
  }

  const get200 = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

  it('are told to go elsewhere, also by the answer to a request that came before', async () => {
    const waiting: (() => void)[] = [];
    const { connections, dial } = await serving((_, response) => void waiting.push(() => response.end('done')));
    const socket = dial();
    socket.write(get200);
    await expect.poll(() => waiting.length).toBe(1);

    connections.retire();
    waiting[0]?.();

    expect(await all(socket)).toMatch(/^HTTP\/1.1 200 OK\r\n.*connection: close\r\n.*done/is);
  });

  it('are told so by every later answer, even one that is given at once', async () => {
    const { connections, url } = await serving((_, response) => void response.end('done'));
    connections.retire();
    const agent = new Agent({ keepAlive: true });

    const answer = await ask(url, agent);

    expect(answer.headers.connection).toBe('close');
    agent.destroy();
  });

  it('end after an answer when they have grown old, so that clients find replicas that came later', async () => {
    const { server, url } = await serving((_, response) => void response.end('done'), { ageMs: 50 });
    let made = 0;
    server.on('connection', () => {
      made += 1;
    });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const last = async () => (await ask(url, agent)).headers.connection;

    expect(await last()).toBe('keep-alive');
    await expect.poll(last, { interval: 10 }).toBe('close');
    expect(made).toBe(1);
    expect(await last()).toBe('keep-alive');
    expect(made).toBe(2);
    agent.destroy();
  });

  it('serve a request that had arrived unread when they were to be closed', async () => {
    const { connections, server, dial } = await serving((_, response) => void response.end('done'));
    const socket = dial();
    socket.write(get200);
    await once(socket, 'data');

    // Written before, read after: all of this happens in one turn of this process.
    connections.retire();
    socket.write(get200);
    const closed = connections.close(() => stopListening(server));

    expect(await all(socket)).toContain('done');
    await closed;
  });

  it('are kept until a slow client has taken its whole answer', async () => {
    const large = Buffer.alloc(32 * 1_024 * 1_024);
    const { connections, server, dial } = await serving((_, response) => void response.end(large));
    const socket = dial();
    socket.write(get200);
    await once(socket, 'readable');

    const closed = connections.close(() => stopListening(server));
    await expect.poll(() => refused(dial)).toBe(true);

    expect((await all(socket)).length).toBeGreaterThan(large.length);
    await closed;
  });

  it('do not hold up the end when nothing was ever asked on them', async () => {
    const { connections, server, dial } = await serving((_, response) => void response.end('done'));
    const socket = dial();
    await once(server, 'connection');

    await connections.close(() => stopListening(server));

    expect(await all(socket)).toBe('');
  });

  it('end as soon as they have nothing more to say', async () => {
    const waiting: (() => void)[] = [];
    const { connections, server, dial } = await serving((_, response) => void waiting.push(() => response.end('done')));
    const sockets = [dial(), dial()];
    for (const socket of sockets) socket.write(get200);
    await expect.poll(() => waiting.length).toBe(2);

    const closed = connections.close(() => stopListening(server));
    await expect.poll(() => refused(dial)).toBe(true);
    for (const answer of waiting) answer();

    expect((await Promise.all(sockets.map(all))).map((said) => said.slice(0, 15))).toEqual(Array(2).fill('HTTP/1.1 200 OK'));
    await closed;
  });
});

function ask(url: string, agent: Agent): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (answer) => resolve(answer.resume())).on('error', reject);
  });
}

function stopListening(server: Server): Promise<unknown> {
  return new Promise((resolve) => server.close(resolve));
}

async function all(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('latin1');
}

async function refused(dial: () => Socket): Promise<boolean> {
  const socket = dial();
  return Promise.race([
    once(socket, 'connect').then(() => false),
    new Promise<boolean>((resolve) => socket.once('error', () => resolve(true))),
  ]).catch(() => true);
}
