import { startApp, type TestApp } from '@emporium/testing';
import { Controller, type DynamicModule, Get, Module, Post } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RawClient, rawClient } from '../../test/raw.client.ts';
import { loadConfig, type TinyConfig } from '../../test/tiny.service.ts';
import { PlatformModule } from '../index.ts';

const large = 'x'.repeat(8 * 1_024 * 1_024);

@Controller('v1')
class ShopController {
  @Get('small')
  small() {
    return { done: true };
  }

  @Get('large')
  large() {
    return { large };
  }

  @Post('body')
  body() {
    return { done: true };
  }
}

@Module({ controllers: [ShopController] })
class ShopModule {}

const shopModule = (config: TinyConfig): DynamicModule => ({
  module: class ShopRoot {},
  imports: [PlatformModule.with(config, { name: 'gateway', edge: true }), ShopModule],
});

const sockets = 2_000;
/** What each kind says at first, and then letter by letter. Silent ones say nothing; sleepers ask for much and read none of it. */
const kinds = {
  headers: 'GET /v1/small HTTP/1.1\r\nHost: a\r\nX-Slow: ',
  body: 'POST /v1/body HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 5000\r\n\r\n',
  silent: '',
  reader: 'GET /v1/large HTTP/1.1\r\nHost: a\r\n\r\n',
} as const;
/** Eight megabytes wait for each of these, so they are few. */
const readers = 20;

describe(`${sockets} slow clients`, () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({
      name: 'gateway',
      module: shopModule,
      config: loadConfig,
      environment: { HEADERS_TIMEOUT_MS: '4000', REQUEST_TIMEOUT_MS: '5000', ANSWER_TIMEOUT_MS: '3000' },
    });
  });
  afterAll(() => app.close());

  const kindOf = (index: number) =>
    (index < readers ? 'reader' : (['headers', 'body', 'silent'] as const)[index % 3]) as keyof typeof kinds;

  async function besiege(): Promise<RawClient[]> {
    const clients: RawClient[] = [];
    for (let index = 0; index < sockets; index += 1) {
      const kind = kindOf(index);
      const client = rawClient(app.url, kinds[kind]);
      if (kind === 'reader') client.socket.pause();
      clients.push(client);
      if (index % 100 === 99) await new Promise(setImmediate);
    }
    return clients;
  }

  it('take nothing from the others, and are all cut off', async () => {
    const clients = await besiege();
    let open = sockets;
    for (const { ended } of clients) void ended.then(() => (open -= 1));
    const dribble = setInterval(() => {
      for (const [index, { socket }] of clients.entries())
        if (['headers', 'body'].includes(kindOf(index)) && socket.writable) socket.write('a');
    }, 500);

    // Each of these is answered while the siege lasts, or the count of open ones would have fallen.
    const served: number[] = [];
    while (served.length < 200) served.push((await app.request('GET', '/v1/small', { caller: null })).status);
    const openThen = open;
    // A sleeper hears of its end only when it wakes up.
    setTimeout(() => clients.slice(0, readers).forEach(({ socket }) => void socket.resume()), 6_000);
    await Promise.all(clients.map(({ ended }) => ended));
    clearInterval(dribble);

    expect(new Set(served)).toEqual(new Set([200]));
    expect(openThen).toBeGreaterThan(sockets / 2);
    const answered = (kind: keyof typeof kinds) =>
      new Set(clients.filter((_, index) => kindOf(index) === kind).map(({ heard }) => heard().slice(9, 12)));
    expect(answered('headers')).toEqual(new Set(['408']));
    expect(answered('silent')).toEqual(new Set(['408']));
    expect(answered('body')).toEqual(new Set(['408']));
    const taken = clients.slice(0, readers).map(({ heard }) => heard().length);
    expect(Math.max(...taken)).toBeLessThan(large.length);
  }, 25_000);
});
