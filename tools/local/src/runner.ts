import { messageOf, StartError } from './errors.ts';
import { type Platform, startPlatform } from './platform.ts';
import { seconds } from './steps.ts';

/** `npm start`: brings the platform up, says where it is, and stops it on Ctrl-C or SIGTERM. Returns the exit code. */
export async function run(
  environment: NodeJS.ProcessEnv,
  say: (line: string) => void = (line) => console.log(line),
): Promise<number> {
  const ending = new AbortController();
  const asked = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      // npm and the terminal may both send the signal: the second one changes nothing.
      process.on(signal, () => {
        ending.abort();
        resolve();
      });
    }
  });
  const began = performance.now();
  let platform: Platform;
  try {
    platform = await startPlatform({ env: environment, say, signal: ending.signal });
  } catch (error) {
    if (ending.signal.aborted) return stopped(say);
    say(
      error instanceof StartError ? `\n✗ ${messageOf(error)}` : `\n✗ ${error instanceof Error ? error.stack : messageOf(error)}`,
    );
    return 1;
  }
  say(greeting(platform, environment, performance.now() - began));
  await asked;
  say('\nStopping …');
  await platform.stop();
  return stopped(say);
}

function stopped(say: (line: string) => void): number {
  say('✓ everything is stopped');
  return 0;
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
