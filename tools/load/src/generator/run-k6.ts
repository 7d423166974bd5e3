import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { freePorts } from '@emporium/local';
import { type Moment, watch } from './watch.ts';

export interface Order {
  readonly k6: string;
  readonly script: string;
  /** Where figures and the recording go. */
  readonly folder: string;
  readonly seconds: number;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly onStart: (pid: number) => void;
  readonly onMoment: (moment: Moment) => void;
}

export interface Done {
  readonly exitCode: number;
  readonly summary: string;
  readonly recording: string;
}

/** k6's own code for "all went well, but a threshold did not hold". */
export const THRESHOLDS_FAILED = 99;

/** Points of the charts: k6 sorts all samples for each. */
const POINTS = 120;

/** Runs k6 to its end; an abort lets it finish what it began, its teardown included. */
export async function runK6(order: Order): Promise<Done> {
  const summary = join(order.folder, 'summary.json');
  const recording = join(order.folder, 'recording.ndjson');
  const [port] = await freePorts(1);
  const period = Math.max(1, Math.ceil(order.seconds / POINTS));
  const output = `web-dashboard=port=-1&period=${period}s&record=${recording}`;
  const args = ['run', '--quiet', '--no-usage-report', '--address', `127.0.0.1:${port}`, '--out', output, order.script];
  const child = spawn(order.k6, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    // k6 shares the machine with what it measures: collecting its garbage a quarter as often spares 6 % of its time and costs memory.
    env: { GOGC: '400', ...process.env, ...order.env, K6_WEB_DASHBOARD_TAGS: '', LOAD_SUMMARY: summary },
  });
  if (child.pid !== undefined) order.onStart(child.pid);
  const stop = () => child.kill('SIGINT');
  order.signal.addEventListener('abort', stop, { once: true });
  const watching = watch(`http://127.0.0.1:${port}`, order.onMoment);
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? 1));
    });
    return { exitCode, summary, recording };
  } finally {
    watching.stop();
    order.signal.removeEventListener('abort', stop);
  }
}
