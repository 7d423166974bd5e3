import type { EventEmitter } from 'node:events';
import { messageOf, StartError } from './errors.ts';
import { type Platform, type PlatformOptions, startPlatform } from './platform.ts';
import { seconds } from './steps.ts';

export interface RunOptions {
  readonly say?: (line: string) => void;
  /** Who tells of Ctrl-C and SIGTERM; given in tests. */
  readonly signals?: EventEmitter;
  readonly platform?: Pick<PlatformOptions, 'root' | 'ports' | 'durable'>;
}

/** `npm start`: brings the platform up, says where it is, and stops it on Ctrl-C or SIGTERM. Returns the exit code. */
export async function run(environment: NodeJS.ProcessEnv, options: RunOptions = {}): Promise<number> {
  const { say = (line: string) => console.log(line), signals = process } = options;
  const { asked, ending } = listenFor(signals);
  const began = performance.now();
  try {
    const platform = await startPlatform({ ...options.platform, env: environment, say, signal: ending });
    say(greeting(platform, environment, performance.now() - began));
    await asked;
    say('\nStopping …');
    await platform.stop();
  } catch (error) {
    if (!ending.aborted) {
      say(`\n✗ ${explain(error)}`);
      return 1;
    }
  }
  say('✓ everything is stopped');
  return 0;
}

/** npm and the terminal may both send a signal, and people press Ctrl-C twice: only the first one counts. */
function listenFor(signals: EventEmitter): { asked: Promise<void>; ending: AbortSignal } {
  const ending = new AbortController();
  const asked = new Promise<void>((resolve) => {
    ending.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) signals.on(signal, () => ending.abort());
  return { asked, ending: ending.signal };
}

/** A person gets the message alone; only a fault of the runner itself shows where it happened. */
export function explain(error: unknown): string {
  if (error instanceof StartError || !(error instanceof Error)) return messageOf(error);
  return error.stack ?? error.message;
}

/** The last words of a start: addresses and sign-ins. */
export function greeting(
  { urls, dataDir }: Pick<Platform, 'urls' | 'dataDir'>,
  environment: NodeJS.ProcessEnv,
  tookMs: number,
): string {
  const { gateway, user, product, order, payment, simulator } = urls;
  const lines = [
    '',
    `Emporium is up after ${seconds(tookMs)}.`,
    '',
    `  shop and API    ${gateway}`,
    `  API reference   ${gateway}/docs`,
    `  services        user ${user} · product ${product} · order ${order} · payment ${payment}`,
    `  payments        ${simulator}`,
    `  data and logs   ${dataDir}`,
    '',
    ...signIns(environment),
    'Ctrl-C stops everything.',
  ];
  return lines.join('\n');
}

function signIns(environment: NodeJS.ProcessEnv): string[] {
  if (environment.NODE_ENV === 'production') return [];
  const password = (name: string, fallback: string) => (environment[name] ? `(the value of ${name})` : fallback);
  return [
    `  admin           admin@emporium.test     ${password('SEED_ADMIN_PASSWORD', 'emporium-admin-development')}`,
    `  customer        customer@emporium.test  ${password('SEED_CUSTOMER_PASSWORD', 'emporium-customer-development')}`,
    '',
  ];
}
