import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createPlainServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Balancer } from './balancer.ts';

describe('a balancer of connections', () => {
  const cleanUps: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
  });

  /** A server that says its name, and is as ready as it is told to be. */
  async function replica(name: string) {
    const state = { ready: true };
    const server = createServer((request, response) => {
      if (request.url === '/ready') response.writeHead(state.ready ? 200 : 503).end();
      else response.end(name);
    });
    await listen(server, 0);
    cleanUps.push(() => end(server));
    const { port } = server.address() as AddressInfo;
    return {
      ...{ name, state, server, port, url: `http://127.0.0.1:${port}` },
      stop: () => end(server),
      again: () => listen(server, port),
    };
  }

  async function balancing(...replicas: { name: string; url: string }[]): Promise<Balancer> {
    const balancer = await Balancer.listen({ everyMs: 10 });
    cleanUps.push(() => balancer.close());
    for (const { name, url } of replicas) await balancer.add(name, url);
    return balancer;
  }

  const agent = (): Agent => {
    const kept = new Agent({ keepAlive: true, maxSockets: 1 });
    cleanUps.push(() => kept.destroy());
    return kept;
  };

  it('gives each new connection to the replica with the fewest', async () => {
    const [one, two] = [await replica('one'), await replica('two')];
    const balancer = await balancing(one, two);

    const answers = await Promise.all(Array.from({ length: 10 }, () => ask(balancer.url, agent())));

    expect(answers.filter((answer) => answer === 'one')).toHaveLength(5);
    expect(answers.filter((answer) => answer === 'two')).toHaveLength(5);
    expect(balancer.counts).toMatchObject({ accepted: 10, retried: 0, turnedAway: 0 });
    expect(Object.values(balancer.counts.backends)).toMatchObject([
      { open: 5, given: 5 },
      { open: 5, given: 5 },
    ]);
  });

  it('leaves a connection where it is when its replica is no longer ready, and gives it no new ones', async () => {
    const [one, two] = [await replica('one'), await replica('two')];
    const balancer = await balancing(one);
    const kept = agent();
    expect(await ask(balancer.url, kept)).toBe('one');
    await balancer.add('two', two.url);

    one.state.ready = false;
    await expect.poll(() => balancer.counts.backends.one?.ready).toBe(false);

    const fresh = await Promise.all(Array.from({ length: 5 }, () => ask(balancer.url, agent())));
    expect(new Set(fresh)).toEqual(new Set(['two']));
    expect(await ask(balancer.url, kept)).toBe('one');

    one.state.ready = true;
    await expect.poll(() => balancer.counts.backends.one?.ready).toBe(true);
    expect(await ask(balancer.url, agent())).toBe('one');
  });

  it('asks another replica when one refuses before its readiness is known', async () => {
    const [one, two] = [await replica('one'), await replica('two')];
    const balancer = await Balancer.listen({ everyMs: 60_000 });
    cleanUps.push(() => balancer.close());
    await balancer.add('one', one.url);
    await balancer.add('two', two.url);
    await one.stop();

    const answers = await Promise.all(Array.from({ length: 6 }, () => ask(balancer.url, agent())));

    expect(answers).toEqual(Array(6).fill('two'));
    expect(balancer.counts.retried).toBeGreaterThan(0);
    expect(balancer.counts.backends.one?.ready).toBe(false);
  });

  it('turns clients away when no replica is ready, and serves them again when one is', async () => {
    const one = await replica('one');
    const balancer = await balancing(one);
    await one.stop();
    await expect.poll(() => balancer.counts.backends.one?.ready).toBe(false);

    await expect(ask(balancer.url, agent())).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(balancer.counts.turnedAway).toBe(1);

    await one.again();
    await expect.poll(() => balancer.counts.backends.one?.ready).toBe(true);
    expect(await ask(balancer.url, agent())).toBe('one');
  });

  it('hears of a replica that hangs only after it has been silent for a while', async () => {
    const one = await replica('one');
    const balancer = await balancing(one);
    const hanging: unknown[] = [];
    one.server.removeAllListeners('request');
    one.server.on('request', (request) => hanging.push(request));

    await expect.poll(() => hanging.length, { timeout: 10_000 }).toBe(2);
    expect(balancer.counts.backends.one?.ready).toBe(true);
    await expect.poll(() => balancer.counts.backends.one?.ready, { timeout: 10_000 }).toBe(false);
    expect(hanging.length).toBeGreaterThanOrEqual(3);
  });

  it('passes on how a side ends: half-closed as half-closed, reset as reset', async () => {
    const plain = createPlainServer({ allowHalfOpen: true }, async (socket) => {
      socket.on('error', () => undefined);
      const [first] = (await once(socket, 'data')) as [Buffer];
      if (first.toString().startsWith('GET /ready')) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
      else if (first.toString() === 'reset me') socket.resetAndDestroy();
      else socket.on('end', () => socket.end(`heard ${first}`)).resume();
    });
    plain.listen(0, '127.0.0.1');
    await once(plain, 'listening');
    cleanUps.push(() => plain.close());
    const balancer = await balancing({ name: 'plain', url: `http://127.0.0.1:${(plain.address() as AddressInfo).port}` });
    const dial = () => connect(Number(new URL(balancer.url).port), '127.0.0.1');

    const leaving = dial();
    leaving.end('you');
    expect(await text(leaving)).toBe('heard you');

    const unlucky = dial();
    unlucky.write('reset me');
    const [error] = await once(unlucky, 'error');
    expect(error).toMatchObject({ code: 'ECONNRESET' });

    await expect.poll(() => balancer.counts.backends.plain?.open).toBe(0);
  });
});

function ask(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (answer) => void text(answer).then(resolve, reject)).on('error', reject);
  });
}

async function text(stream: IncomingMessage | Socket): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}

async function end(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
