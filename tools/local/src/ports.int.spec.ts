import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { assertPortsFree, freePorts } from './ports.ts';
import { freePlatformPorts } from './ports-of-platform.ts';

describe('free ports', () => {
  it('are all different, also when many are wanted', async () => {
    const ports = [...(await freePorts(20)), ...Object.values(await freePlatformPorts())];

    expect(ports.every((port) => port > 0)).toBe(true);
    expect(ports.filter((port) => port >= 32_768)).toEqual([]);
    expect(new Set(await freePorts(20)).size).toBe(20);
  });

  it('are found free by the check', async () => {
    const [port = 0] = await freePorts(1);

    await expect(assertPortsFree([{ port, who: 'the gateway' }])).resolves.toBeUndefined();
  });
});

describe('a taken port', () => {
  it.each(['127.0.0.1', '0.0.0.0'])('on %s is named with who needs it', async (host) => {
    const server = createServer();
    const [port = 0, other = 0] = await freePorts(2);
    await new Promise<void>((resolve) => server.listen(port, host, resolve));

    const uses = [
      { port, who: 'the gateway', setting: 'GATEWAY_PORT' },
      { port, who: 'PostgreSQL' },
      { port: other, who: 'Redis' },
    ];
    await expect(assertPortsFree(uses)).rejects.toThrow(
      `Port ${port} is taken, and the gateway needs it. Free it, or choose another with GATEWAY_PORT.\nPort ${port} is taken, and PostgreSQL needs it. End the program that uses it and try again.`,
    );
    server.close();
  });
});
