import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createPlainServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Doors } from './doors.ts';

describe.runIf(process.platform === 'linux')('the doors of a server', () => {
  const sockets: Socket[] = [];
  const servers: Server[] = [];
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    for (const server of servers.splice(0)) server.close();
  });

  async function open(port = 0): Promise<{ server: Server; doors: Doors; port: number }> {
    const server = createServer((_, response) => void response.end('done'));
    servers.push(server);
    const doors = new Doors(server);
    await doors.open({ port, host: '127.0.0.1' }, async (options) => void (await once(server.listen(options), 'listening')));
    return { server, doors, port: (server.address() as AddressInfo).port };
  }

  const dial = (port: number): Socket => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    sockets.push(socket);
    return socket;
  };

  it('let several in at each turn of the event loop, where one door lets in one', async () => {
    const { server, port } = await open();
    let turn = 0;
    const arrivals: number[] = [];
    server.on('connection', () => arrivals.push(turn));
    const crowd = Array.from({ length: 160 }, () => dial(port));
    await Promise.all(crowd.map((socket) => once(socket, 'connect')));

    while (arrivals.length < crowd.length) {
      await new Promise(setImmediate);
      turn += 1;
    }

    const turns = new Set(arrivals).size;
    expect(turns).toBeLessThan(crowd.length / 2);
  });

  it('lead to the same server, all of them', async () => {
    const { port } = await open();

    const answers = await Promise.all(Array.from({ length: 64 }, async () => (await fetch(`http://127.0.0.1:${port}`)).text()));

    expect(new Set(answers)).toEqual(new Set(['done']));
  });

  it('are not shared with another process, or another server, that has the port', async () => {
    const other = await open();

    await expect(open(other.port)).rejects.toThrow('EADDRINUSE');

    const plain = createPlainServer().listen(0, '127.0.0.1');
    await once(plain, 'listening');
    await expect(open((plain.address() as AddressInfo).port)).rejects.toThrow('EADDRINUSE');
    plain.close();
  });

  it('are closed to newcomers at once, and end with the connections there are', async () => {
    const { server, doors, port } = await open();
    const crowd = Array.from({ length: 32 }, () => dial(port));
    await Promise.all(crowd.map((socket) => once(socket, 'connect')));
    await expect
      .poll(() => new Promise((resolve) => server.getConnections((_, count) => resolve(count < crowd.length))))
      .toBe(true);

    let ended = false;
    const closed = doors.close().then(() => {
      ended = true;
    });
    server.close();
    await once(dial(port), 'error');
    expect(ended).toBe(false);
    for (const socket of crowd) socket.destroy();

    await closed;
  });
});
