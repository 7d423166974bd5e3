import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Webhooks } from './webhooks.ts';

describe('the way of an event', () => {
  let server: Server;
  let webhooks: Webhooks;
  const received: string[] = [];

  beforeEach(async () => {
    received.length = 0;
    server = createServer((request, response) => {
      request.on('data', (chunk) => received.push((JSON.parse(String(chunk)) as { type: string }).type));
      request.on('end', () => response.end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    webhooks = new Webhooks({ secret: 'whsec_test' });
  });

  afterEach(() => {
    webhooks.close();
    server.closeAllConnections();
    server.close();
  });

  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;

  it('leads to an address that wants some types for those only, unless it is sent again by name', async () => {
    const picky = new Webhooks({ url: url(), secret: 'whsec_spec', types: ['charge.refunded'] });
    picky.announce('charge.succeeded', {});
    picky.announce('charge.refunded', {});

    await expect.poll(() => received).toEqual(['charge.refunded']);
    expect(picky.resend()).toBe(1);
    expect(picky.resend(picky.events[0]?.id)).toBe(1);
    await expect.poll(() => received.toSorted()).toEqual(['charge.refunded', 'charge.refunded', 'charge.succeeded']);
    picky.close();
  });

  it('leads to an address that is learned later; what was announced before went nowhere', async () => {
    webhooks.announce('charge.failed', {});

    webhooks.sendTo(url());
    webhooks.announce('charge.succeeded', {});

    await expect.poll(() => received).toEqual(['charge.succeeded']);
  });

  it('is the usual one again when it is calmed, also for what was held', async () => {
    webhooks.sendTo(url());
    webhooks.change({ hold: true, duplicates: 2 });
    webhooks.announce('charge.succeeded', {});

    webhooks.calm();
    webhooks.announce('charge.refunded', {});

    await expect.poll(() => received.toSorted()).toEqual(['charge.refunded', 'charge.succeeded']);
  });
});
