import { connect, type Socket } from 'node:net';
import type { Experiment } from '../experiment.ts';
import { pause, until } from '../schedule/pause.ts';

const SOCKETS = 2_000;
const DRIBBLE_MS = 1_000;
const LASTS_MS = 15_000;
const PATIENCE_MS = 45_000;

/** What a slow client says first; then it goes on letter by letter, or says nothing more. */
const beginnings = [
  'GET /v1/products HTTP/1.1\r\nHost: shop.test\r\nX-Slow: ',
  'POST /v1/auth/login HTTP/1.1\r\nHost: shop.test\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{"email":"',
  '',
] as const;

/** Opens them some at a time, as a crowd of machines would, and tells how many are still open. */
async function besiege(url: string, signal: AbortSignal): Promise<{ open: () => number; end: () => void }> {
  const { hostname, port } = new URL(url);
  const sockets: Socket[] = [];
  let open = 0;
  for (let count = 0; count < SOCKETS; count += 1) {
    const socket = connect(Number(port), hostname);
    open += 1;
    socket.on('error', () => undefined); // cut off, as it should be
    socket.once('close', () => (open -= 1));
    socket.resume();
    socket.write(beginnings[count % beginnings.length] ?? '');
    sockets.push(socket);
    if (count % 100 === 99) await pause(20, signal);
  }
  const dribble = setInterval(() => {
    for (const [index, socket] of sockets.entries()) if (index % beginnings.length !== 2 && socket.writable) socket.write('a');
  }, DRIBBLE_MS);
  const end = () => {
    clearInterval(dribble);
    for (const socket of sockets) socket.destroy();
  };
  return { open: () => open, end };
}

export const slowSockets: Experiment = {
  id: 'slow-sockets',
  title: `${SOCKETS} connections say a letter a second or nothing at all: everybody else is served, and they are cut off`,
  group: 'load',
  trials: 1,
  run: async ({ shop, load, recorder }, trial) => {
    const siege = await besiege(shop.url, trial.signal);
    try {
      trial.measure('slow connections', siege.open(), '');
      const from = Date.now();
      load.start({ rate: 20 });
      await pause(LASTS_MS, trial.signal);
      await load.stop();
      const during = recorder.chapter.outcomes.filter(({ at }) => at >= from);
      trial.measure('answered well', (100 * during.filter(({ result }) => result === 'ok').length) / during.length, '%');
      const tookMs = await until(() => siege.open() === 0, { patienceMs: PATIENCE_MS, signal: trial.signal });
      if (tookMs === undefined) trial.breach(`${siege.open()} slow connections are still open`);
      else trial.measure('all cut off after', Date.now() - from, 'ms');
    } finally {
      siege.end();
    }
  },
  limits: [{ figure: 'answered well', statistic: 'min', atLeast: 99 }],
};
