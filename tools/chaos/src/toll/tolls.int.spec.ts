import { scriptedServer } from '@emporium/testing';
import { describe, expect, it } from 'vitest';
import { Tolls } from './tolls.ts';

describe('tolls', () => {
  it('stand in the way of one service, and of no other', async () => {
    const server = await scriptedServer();
    const tolls = new Tolls([{ from: 'order', variable: 'PRODUCT_SERVICE_URL' }], { LOG_LEVEL: 'error' });
    const start = (name: string) => ({
      name,
      command: 'node',
      args: [],
      cwd: '/',
      env: { PRODUCT_SERVICE_URL: server.url, PORT: '1' },
      isReady: async () => true,
    });

    const order = await tolls.options.adjust?.(start('order'));
    const gateway = await tolls.options.adjust?.(start('gateway'));
    await fetch(order?.env.PRODUCT_SERVICE_URL ?? '');

    expect(gateway?.env.PRODUCT_SERVICE_URL).toBe(server.url);
    expect(order?.env).toEqual({ PRODUCT_SERVICE_URL: tolls.on('order', 'PRODUCT_SERVICE_URL').url, PORT: '1' });
    expect(tolls.on('order', 'PRODUCT_SERVICE_URL').passed).toHaveLength(1);
    expect(() => tolls.on('gateway', 'PRODUCT_SERVICE_URL')).toThrow('No toll stands between');
    expect(tolls.options.env).toEqual({ LOG_LEVEL: 'error' });
    await (await tolls.options.furnish?.({} as never))?.close?.();
    await server.close();
  });
});
