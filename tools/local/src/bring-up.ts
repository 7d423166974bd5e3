import { join } from 'node:path';
import type { DataFolder } from './data-folder.ts';
import { migrateAll, seedAll } from './database-work.ts';
import { DATABASE_OWNERS, type DatabaseOwner, Databases } from './databases.ts';
import { endLeftovers } from './journal.ts';
import { keysIn } from './keys.ts';
import { assertPortsFree, HOST } from './ports.ts';
import { type PortName, type Ports, portUses, SERVICES, type ServiceName } from './ports-of-platform.ts';
import type { ProcessSpec } from './process-spec.ts';
import { type Surroundings, serviceSpec, simulatorSpec, urlsOf } from './services.ts';
import type { Settings } from './settings.ts';
import { Steps } from './steps.ts';
import { startStores } from './stores.ts';
import type { Supervisor } from './supervisor.ts';

export interface BringUp {
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly settings: Settings;
  readonly folder: DataFolder;
  readonly ports: Ports;
  readonly supervisor: Supervisor;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  readonly durable: boolean;
  readonly adjust: AdjustSpec;
}

/** May change how a service is started, for example to put something between it and what it depends on. */
export type AdjustSpec = (spec: ProcessSpec) => ProcessSpec | Promise<ProcessSpec>;

export interface Addresses {
  readonly urls: Readonly<Record<ServiceName | 'simulator' | 'postgres' | 'redis', string>>;
  readonly databaseUrl: (name: DatabaseOwner) => string;
}

/** Stores, databases, simulator, services, and the gateway last: only then can a purchase be made. */
export async function bringUp(context: BringUp): Promise<Addresses> {
  const { folder, settings, ports, signal } = context;
  const steps = new Steps(context.say);
  await clearLeftovers(context);
  await assertPortsFree(portUses(ports, replacedParts(settings)));
  signal.throwIfAborted();
  const keys = keysIn(folder.keys);
  const { adminUrl, redisUrl } = await startStores({ ...context, steps });
  signal.throwIfAborted();
  const databases = new Databases(adminUrl, keys.rolePassword);
  const surroundings: Surroundings = {
    root: context.root,
    dataFolder: folder.path,
    ports,
    keys,
    environment: context.environment,
    redisUrl,
    paymentProviderUrl: settings.paymentProviderUrl ?? `http://${HOST}:${ports.simulator}`,
    databaseUrl: (service) => (isOwner(service) ? databases.appUrl(service) : undefined),
  };
  await fillDatabases(context, databases, surroundings, steps);
  await startProcesses(context, surroundings, steps);
  return {
    urls: { ...urlsOf(ports), simulator: surroundings.paymentProviderUrl, postgres: adminUrl, redis: redisUrl },
    databaseUrl: databases.ownerUrl,
  };
}

async function clearLeftovers({ folder, say }: BringUp): Promise<void> {
  const names = await endLeftovers(join(folder.path, 'processes.json'));
  if (names.length > 0) say(`The last runner was killed and left ${names.join(', ')} running: ended.`);
}

function replacedParts(settings: Settings): PortName[] {
  const parts: [PortName, string | undefined][] = [
    ['postgres', settings.databaseUrl],
    ['redis', settings.redisUrl],
    ['simulator', settings.paymentProviderUrl],
  ];
  return parts.filter(([, replacement]) => replacement !== undefined).map(([name]) => name);
}

function isOwner(service: ServiceName): service is DatabaseOwner {
  return (DATABASE_OWNERS as readonly string[]).includes(service);
}

async function fillDatabases(context: BringUp, databases: Databases, surroundings: Surroundings, steps: Steps): Promise<void> {
  const work = { databases, surroundings, signal: context.signal, logFile: (name: string) => context.supervisor.logFile(name) };
  const list = (names: string[]) => (names.length === 0 ? 'nothing new' : names.join(', '));
  try {
    await steps.run('databases and roles', () => databases.prepare());
    await steps.run('migrations', async () => list(await migrateAll(work)));
    await steps.run('seed', async () => list(await seedAll(work)));
  } finally {
    await databases.close();
  }
}

async function startProcesses(
  { settings, supervisor, adjust }: BringUp,
  surroundings: Surroundings,
  steps: Steps,
): Promise<void> {
  const start = (spec: ProcessSpec) => steps.run(spec.name, async () => supervisor.start(await adjust(spec)));
  const behind = SERVICES.filter((name) => name !== 'gateway').map((name) => serviceSpec(name, surroundings));
  const simulator = settings.paymentProviderUrl === undefined ? [simulatorSpec(surroundings)] : [];
  await Promise.all([...simulator, ...behind].map(start));
  await start(serviceSpec('gateway', surroundings));
}
