import { createConnection } from 'node:net';
import { HOST } from './ports.ts';
import type { ProcessSpec } from './process-spec.ts';

/** How to start Redis: in memory only, because nothing in it is the truth, and without eviction, because streams must not lose entries. */
export function redisServer(binary: string, folder: string, port: number): { spec: ProcessSpec; url: string } {
  return {
    url: `redis://${HOST}:${port}`,
    spec: {
      name: 'redis',
      command: binary,
      args: [
        ...['--port', String(port)],
        ...['--bind', HOST],
        ...['--dir', folder],
        ...['--save', ''],
        ...['--appendonly', 'no'],
        ...['--maxmemory-policy', 'noeviction'],
        ...['--daemonize', 'no'],
      ],
      cwd: folder,
      env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
      isReady: () => answersPing(port),
    },
  };
}

function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: HOST, port, timeout: 1_000 });
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (data) => finish(data.toString().startsWith('+PONG')));
    socket.once('timeout', () => finish(false));
    socket.once('error', () => finish(false));
  });
}
