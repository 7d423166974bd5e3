import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { answersWith } from './http-probe.ts';
import { freePorts } from './ports.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

async function serve(status: number | undefined): Promise<string> {
  const listening = createServer((_, response) => {
    if (status !== undefined) response.writeHead(status).end();
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}/ready`;
}

describe('a probe', () => {
  it('tells whether the answer is the wanted one', async () => {
    const url = await serve(503);

    expect(await answersWith(url)).toBe(true);
    expect(await answersWith(url, 503)).toBe(true);
    expect(await answersWith(url, 200)).toBe(false);
  });

  it('takes silence and a closed port for a no', async () => {
    expect(await answersWith(await serve(undefined))).toBe(false);
    const [port = 0] = await freePorts(1);
    expect(await answersWith(`http://127.0.0.1:${port}/`)).toBe(false);
  });
});
