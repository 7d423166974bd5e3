import { resolve } from 'node:path';
import { StartError } from './errors.ts';
import { DEFAULT_PORTS } from './ports-of-platform.ts';

/** What the person may set for the runner itself; everything else in the environment is handed on to the services. */
export interface Settings {
  readonly dataDir: string;
  readonly gatewayPort: number;
  /** Administrator address of a server to use instead of the embedded one. */
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
  readonly paymentProviderUrl?: string;
}

/** Reads the runner's variables; throws one message naming all that are wrong. An empty one counts as not set. */
export function readSettings(environment: NodeJS.ProcessEnv, root: string): Settings {
  const problems: string[] = [];
  const address = (name: string, ...protocols: string[]) => {
    const value = environment[name];
    if (!value) return undefined;
    if (!protocols.includes(protocolOf(value)))
      problems.push(`${name} must be an address that begins with ${protocols.join('// or ')}//`);
    return value;
  };
  const settings = {
    dataDir: resolve(root, environment.EMPORIUM_DATA_DIR || '.data'),
    gatewayPort: Number(environment.GATEWAY_PORT || DEFAULT_PORTS.gateway),
    databaseUrl: address('DATABASE_URL', 'postgres:', 'postgresql:'),
    redisUrl: address('REDIS_URL', 'redis:', 'rediss:'),
    paymentProviderUrl: address('PAYMENT_PROVIDER_URL', 'http:', 'https:'),
  };
  const { gatewayPort } = settings;
  if (!Number.isInteger(gatewayPort) || gatewayPort < 1 || gatewayPort > 65_535)
    problems.push('GATEWAY_PORT must be a number from 1 to 65535');
  if (problems.length > 0) throw new StartError(problems.join('\n'));
  return settings;
}

function protocolOf(address: string): string {
  return URL.canParse(address) ? new URL(address).protocol : '';
}
