import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestApp } from '@emporium/testing';

/** What the gateway does for the provider's webhooks: passes the bytes on and vouches for the call with its service token. */
export async function webhookGateway(target: () => TestApp) {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const app = target();
      const answer = await fetch(`${app.url}/v1/webhooks/stripe`, {
        method: 'POST',
        headers: {
          'content-type': String(request.headers['content-type']),
          'stripe-signature': String(request.headers['stripe-signature']),
          'x-service-token': await app.tokens.service('gateway'),
        },
        body: Buffer.concat(chunks),
      }).catch(() => undefined);
      response.writeHead(answer?.status ?? 502).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1/webhooks/stripe`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}
