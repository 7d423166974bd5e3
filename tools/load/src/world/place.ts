import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type Platform, Replicas, startPlatform } from '@emporium/local';
import type { Arguments } from '../arguments.ts';
import { checkedTarget } from '../target.ts';
import { type Account, furnish, type World } from './furnish.ts';
import { Shop } from './shop.ts';
import { signersOf } from './signer.ts';

/** A platform that may be put under load. */
export interface Place {
  readonly world: World;
  /** Settings that are not the platform's defaults; undefined for one that somebody else started. */
  readonly settings: Readonly<Record<string, string>> | undefined;
  /** Its processes, where it is ours. */
  pids(): Readonly<Record<string, number>>;
  restarts(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}

export interface Site {
  readonly wanted: Pick<Arguments, 'target' | 'allowRemote' | 'keys' | 'env' | 'data' | 'replicas'>;
  readonly environment: NodeJS.ProcessEnv;
  readonly dataDir: string;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** All visitors come from one address, which would be a household's limit; the limits are on, and a thousand times as wide. */
const SETTINGS = { RATE_LIMIT_PERCENT: '100000', SIMULATOR_LATENCY_MS: '0' };
const ACCOUNTS = 20;
/** Where we cannot sign, every virtual user needs one. */
const ACCOUNTS_WITHOUT_KEYS = 100;
const LONGEST_WITHOUT_KEYS_S = 600;

export function openPlace(site: Site, seconds: number): Promise<Place> {
  return site.wanted.target === undefined ? ownPlace(site) : targetPlace(site, site.wanted.target, seconds);
}

/** Durable, unlike that of the tests: a database that does not wait for its disk proves nothing. */
async function ownPlace({ wanted, dataDir, say, signal }: Site): Promise<Place> {
  const settings = { ...SETTINGS, ...wanted.env };
  const replicas = wanted.replicas > 1 ? new Replicas(wanted.replicas) : undefined;
  const platform = await startPlatform({
    ...{ dataDir: wanted.data ?? dataDir, ports: 'free', env: settings, quiet: true, signal },
    ...(replicas && { adjust: replicas.adjust }),
  });
  const close = () => end(platform, replicas);
  try {
    const url = (await replicas?.join(platform)) ?? platform.urls.gateway;
    say(`a platform is up at ${url}${replicas ? `, ${wanted.replicas} processes of each service` : ''}`);
    const { signer, forVisitors } = await signersOf(join(platform.dataDir, 'keys.json'));
    const adminToken = await signer.sign({ sub: randomUUID(), role: 'admin', sid: randomUUID() });
    const administrator = { email: '', password: '' }; // signed for, as everybody is
    const shop = new Shop(url);
    const world = await furnish({ shop, adminToken, administrator, signer: forVisitors, accounts: ACCOUNTS });
    return {
      world,
      settings,
      pids: () => platform.pids(),
      restarts: () => platform.restarts(),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function end(platform: Platform, replicas: Replicas | undefined): Promise<void> {
  await replicas?.close(platform);
  await platform.stop();
}

async function targetPlace({ wanted, environment, say }: Site, target: string, seconds: number): Promise<Place> {
  const shop = new Shop(checkedTarget(target, wanted.allowRemote));
  const administrator = administratorFrom(environment);
  const adminToken = await shop.signIn(administrator).catch((error: unknown) => {
    throw new Error(`LOAD_ADMIN_EMAIL and LOAD_ADMIN_PASSWORD must be those of an administrator there. ${String(error)}`);
  });
  if (wanted.keys === undefined && seconds > LONGEST_WITHOUT_KEYS_S) {
    throw new Error(`Without --keys, customers sign in once and that lasts ${LONGEST_WITHOUT_KEYS_S} s: a shorter run, please.`);
  }
  const signers = wanted.keys === undefined ? undefined : await signersOf(wanted.keys);
  const accounts = signers === undefined ? ACCOUNTS_WITHOUT_KEYS : ACCOUNTS;
  say(`${shop.url} gets ${accounts} accounts and some products to sell`);
  const world = await furnish({ shop, adminToken, administrator, signer: signers?.forVisitors, accounts });
  return { world, settings: undefined, pids: () => ({}), restarts: () => ({}), close: async () => undefined };
}

/** The seeded administrator of a development platform, unless another is named. */
function administratorFrom({ LOAD_ADMIN_EMAIL, LOAD_ADMIN_PASSWORD }: NodeJS.ProcessEnv): Account {
  return {
    email: LOAD_ADMIN_EMAIL || 'admin@emporium.test',
    password: LOAD_ADMIN_PASSWORD || 'emporium-admin-development',
  };
}
