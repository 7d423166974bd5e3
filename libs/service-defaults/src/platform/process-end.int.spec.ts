import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startTiny, type TinyProcess } from '../../test/tiny.process.ts';

describe('a process that is told to end', { timeout: 60_000 }, () => {
  let tiny: TinyProcess | undefined;
  afterEach(() => void tiny?.child.kill('SIGKILL'));

  const start = async (environment?: NodeJS.ProcessEnv): Promise<TinyProcess> => {
    tiny = await startTiny(environment);
    return tiny;
  };

  it('finishes what is in flight, goes through its phases in order and exits with 0', async () => {
    const { url, child, serviceToken, exitCode, lines, said } = await start();
    const inFlight = fetch(`${url}/v1/trouble/late?ms=700`, { headers: { 'x-service-token': serviceToken } });
    await inFlightAt(await said('started'));

    child.kill('SIGTERM');
    await said('stopping');

    expect((await inFlight).status).toBe(200);
    expect(await exitCode).toBe(0);
    const order = lines.map(({ message, phase }) => (message === 'phase' ? phase : message));
    const milestones = ['stopping', 'requests', 'request', 'background', 'modules destroyed', 'stores', 'stopped'];
    expect(order.filter((each) => milestones.includes(String(each))).slice(-milestones.length)).toEqual(milestones);
  });

  it('loses no request of kept-alive connections when callers heed its readiness', async () => {
    const { url, child, serviceToken, exitCode } = await start({ SHUTDOWN_DELAY_MS: '1000' });
    const agent = new Agent({ keepAlive: true });
    const outcomes = new Map<unknown, number>();
    const note = (outcome: unknown) => outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    let isRouted = true;
    // As a load balancer does: looks from time to time, and until then goes on sending.
    const balancer = async () => {
      while (isRouted) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        isRouted = (await fetch(`${url}/ready`)).ok;
      }
    };
    const client = async () => {
      while (isRouted) {
        await call(`${url}/v1/trouble/late?ms=20`, agent, serviceToken).then(
          ({ statusCode }) => note(statusCode),
          (error: NodeJS.ErrnoException) => note(error.code),
        );
      }
    };
    const everybody = Promise.all([balancer(), ...Array.from({ length: 16 }, client)]);
    await expect.poll(() => outcomes.get(200), { timeout: 10_000 }).toBeGreaterThan(100);

    child.kill('SIGTERM');
    const code = await exitCode;
    await everybody;
    agent.destroy();

    expect(code).toBe(0);
    expect([...outcomes.keys()]).toEqual([200]);
  });

  it('sends the spans of its last requests before it ends', async () => {
    const received: string[] = [];
    const collector = createServer(async (request, response) => {
      received.push(Buffer.concat(await request.toArray()).toString('latin1'));
      response.setHeader('content-type', 'application/x-protobuf').end();
    });
    await once(collector.listen(0, '127.0.0.1'), 'listening');
    const { port } = collector.address() as AddressInfo;
    const { url, child, serviceToken, exitCode } = await start({
      ...{
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
        OTEL_SERVICE_NAME: 'product',
        OTEL_BSP_SCHEDULE_DELAY: '60000',
      },
    });
    await fetch(`${url}/v1/trouble/late?ms=1`, { headers: { 'x-service-token': serviceToken } });

    child.kill('SIGTERM');

    expect(await exitCode).toBe(0);
    expect(received.join('')).toContain('/v1/trouble/late');
    collector.close();
  });

  it('ends with 0 all the same when nobody takes its spans, and says so', async () => {
    const { child, exitCode, lines, url, serviceToken } = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' });
    await fetch(`${url}/v1/trouble/late?ms=1`, { headers: { 'x-service-token': serviceToken } });

    child.kill('SIGTERM');

    expect(await exitCode).toBe(0);
    expect(lines.at(-1)).toMatchObject({ level: 'warn', message: 'spans were lost' });
  });

  it('is not ready, but alive, from the signal on', async () => {
    const { url, child, said, exitCode } = await start({ SHUTDOWN_DELAY_MS: '1500' });
    expect((await fetch(`${url}/ready`)).status).toBe(200);

    child.kill('SIGTERM');
    await said('stopping');
    const [ready, live] = await Promise.all([fetch(`${url}/ready`), fetch(`${url}/health`)]);

    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ status: 'stopping' });
    expect(live.status).toBe(200);
    expect(live.headers.get('connection')).toBe('close');
    expect(await exitCode).toBe(0);
  });

  it('ends on Ctrl-C too, and at once when asked twice', async () => {
    const { child, exitCode, said } = await start({ SHUTDOWN_DELAY_MS: '30000' });

    child.kill('SIGINT');
    await said('stopping');
    child.kill('SIGINT');

    expect(await exitCode).toBe(1);
  });

  it('finishes what is in flight however often it is told to end', async () => {
    const { url, child, serviceToken, exitCode, said } = await start({ SHUTDOWN_DELAY_MS: '300' });
    const inFlight = fetch(`${url}/v1/trouble/late?ms=700`, { headers: { 'x-service-token': serviceToken } });
    await inFlightAt(await said('started'));

    child.kill('SIGTERM');
    await said('stopping');
    child.kill('SIGTERM');

    expect((await inFlight).status).toBe(200);
    expect(await exitCode).toBe(0);
  });

  it('ends in order when it is told to while it starts', async () => {
    const { exitCode, lines } = await start({ END_WHILE_STARTING: 'yes' });

    expect(await exitCode).toBe(0);
    expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
    expect(lines.at(-1)).toMatchObject({ message: 'stopped', clean: true });
  });

  it('ends in time whatever clients leave lying about', async () => {
    const { url, child, exitCode, said } = await start();
    const { hostname: host, port } = new URL(url);
    const silent = connect({ host, port: Number(port) });
    const slow = connect({ host, port: Number(port) });
    slow.write('GET /health HTTP/1.1\r\nhost: a\r\nx-never');
    for (const socket of [silent, slow]) socket.on('error', () => undefined);
    await Promise.all([once(silent, 'connect'), once(slow, 'connect')]);
    await fetch(`${url}/health`);

    const began = performance.now();
    child.kill('SIGTERM');
    await said('stopping');

    expect(await exitCode).toBe(0);
    expect(performance.now() - began).toBeLessThan(5_000);
    for (const socket of [silent, slow]) socket.destroy();
  });

  it.each([
    ['rejection', 'unhandled rejection'],
    ['exception', 'uncaught exception'],
  ])('exits with 1 and a log line after an unhandled %s', async (kind, message) => {
    const { url, serviceToken, exitCode, lines } = await start({ SHUTDOWN_DELAY_MS: '30000' });

    await fetch(`${url}/v1/trouble/crash?kind=${kind}`, { method: 'POST', headers: { 'x-service-token': serviceToken } });

    expect(await exitCode).toBe(1);
    expect(lines.filter((line) => line.message === message)).toMatchObject([
      { level: 'error', error: { message: 'nobody waits for this', stack: expect.any(String) } },
    ]);
    expect(lines.at(-1)?.message).toBe('stopped');
  });

  it('exits with 1 and a log line when it cannot be put together', async () => {
    const { exitCode, lines } = await start({ SERVICE_TOKEN_KEY: 'not a key' });

    expect(await exitCode).toBe(1);
    expect(lines).toMatchObject([{ level: 'error', message: 'could not start', service: 'product' }]);
  });

  it('exits with 1 and a log line when its port is taken', async () => {
    const first = await start();
    const second = await startTiny({ PORT: new URL(first.url).port });

    expect(await second.exitCode).toBe(1);
    expect(second.lines.find(({ message }) => message === 'could not start')).toMatchObject({
      level: 'error',
      error: { message: expect.stringContaining('EADDRINUSE') },
    });
  });
});

/** Resolves when the server works on a request, by its own account. */
async function inFlightAt({ managementUrl }: Awaited<ReturnType<TinyProcess['said']>>): Promise<void> {
  const metrics = async () => (await fetch(`${managementUrl}/metrics`)).text();
  await expect.poll(metrics, { timeout: 10_000 }).toMatch(/^emporium_http_requests_in_flight [1-9]/m);
}

function call(url: string, agent: Agent, serviceToken: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers: { 'x-service-token': serviceToken } }, (response) => {
      response.resume();
      response.on('end', () => resolve(response));
      response.on('error', reject);
    }).on('error', reject);
  });
}
