import { createConnection } from 'node:net';
import { describe, expect, it } from 'vitest';

describe('the stores of an integration run', () => {
  it('names a Postgres and a Redis that listen on this machine', async () => {
    const addresses = [process.env.TEST_DATABASE_URL, process.env.TEST_REDIS_URL].map((url) => new URL(url ?? ''));

    for (const { hostname, port } of addresses) {
      await new Promise<void>((resolve, reject) => {
        const socket = createConnection({ host: hostname, port: Number(port) }, () => socket.end(resolve)).once('error', reject);
      });
    }
    expect(addresses.map(({ hostname }) => hostname)).toEqual(['127.0.0.1', '127.0.0.1']);
  });
});
