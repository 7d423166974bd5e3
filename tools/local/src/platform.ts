import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Addresses, type AdjustSpec, bringUp } from './bring-up.ts';
import { openDataFolder } from './data-folder.ts';
import { lockFolder } from './folder-lock.ts';
import { DEFAULT_PORTS, freePlatformPorts, type Ports } from './ports-of-platform.ts';
import type { ProcessSpec } from './process-spec.ts';
import { readSettings, type Settings } from './settings.ts';
import { Supervisor, type SupervisorOptions } from './supervisor.ts';

export interface PlatformOptions {
  /** Default: EMPORIUM_DATA_DIR, or `.data` in the repository. */
  readonly dataDir?: string;
  /** Default: the documented ones; `free` takes whatever is free now. */
  readonly ports?: Partial<Ports> | 'free';
  /** Settings of the runner and of the services, over a bare PATH and HOME. */
  readonly env?: NodeJS.ProcessEnv;
  readonly quiet?: boolean;
  /** False for tests: faster, and not safe against a power cut. */
  readonly durable?: boolean;
  readonly say?: (line: string) => void;
  /** Aborting it ends a start that is under way. */
  readonly signal?: AbortSignal;
  /** The repository; given in tests of the runner itself. */
  readonly root?: string;
  /** Called with each service before its first start; what it returns is started. */
  readonly adjust?: AdjustSpec;
  /** Wait before a dead process is started again. */
  readonly backoff?: SupervisorOptions['backoff'];
}

export interface Platform extends Addresses {
  readonly dataDir: string;
  readonly ports: Ports;
  /** Process numbers of what runs now, by name. */
  pids(): Record<string, number>;
  /** How often each process died and was started again. */
  restarts(): Record<string, number>;
  /** How each process that ever ended did so last: `exit code 0`, `signal SIGKILL`. */
  ends(): Record<string, string>;
  logFile(name: string): string;
  /** Sends a signal to one process, as a fault would. */
  kill(name: string, signal: NodeJS.Signals): void;
  /** How a process was started. */
  spec(name: string): ProcessSpec;
  /** Starts one more process beside the others and keeps it alive: a replica is `{ ...spec('order'), name: 'order-2', env }`. */
  start(spec: ProcessSpec): Promise<void>;
  /** Ends a process, by SIGKILL if not told otherwise, and keeps it down until it is released. */
  hold(name: string, signal?: NodeJS.Signals): void;
  /** Starts a held process again. */
  release(name: string): void;
  stop(): Promise<void>;
}

const STOP_ORDER = ['gateway', 'order', 'payment', 'product', 'user', 'simulator', 'redis', 'postgres'];
const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

/** Starts everything from the built services and returns when a purchase can be made. If that fails, stops what it started and throws. */
export async function startPlatform(options: PlatformOptions = {}): Promise<Platform> {
  const { signal = new AbortController().signal, durable = true, root = ROOT, adjust = (spec) => spec, backoff } = options;
  const say = options.quiet ? () => undefined : (options.say ?? ((line: string) => console.log(line)));
  const environment: NodeJS.ProcessEnv = { PATH: process.env.PATH, HOME: process.env.HOME, ...options.env };
  const settings = readSettings(environment, root);
  const folder = openDataFolder(options.dataDir ?? settings.dataDir);
  const lock = lockFolder(folder.lock);
  const supervisor = new Supervisor({ folder: folder.path, say, ...(backoff && { backoff }) });
  const stop = async () => {
    await supervisor.stop(stopOrder(supervisor));
    lock.release();
  };
  const abort = () => void supervisor.stop(stopOrder(supervisor));
  signal.addEventListener('abort', abort, { once: true });
  try {
    const ports = await choosePorts(options.ports, settings);
    const addresses = await bringUp({ root, environment, settings, folder, ports, supervisor, say, signal, durable, adjust });
    return { ...addresses, ...controls(supervisor), dataDir: folder.path, ports, stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

async function choosePorts(wanted: PlatformOptions['ports'], settings: Settings): Promise<Ports> {
  if (wanted === 'free') return freePlatformPorts();
  return { ...DEFAULT_PORTS, gateway: settings.gatewayPort, ...wanted };
}

/** Replicas (`order-2`) with their first. */
function stopOrder(supervisor: Supervisor): string[] {
  const names = Object.keys(supervisor.restarts());
  return STOP_ORDER.flatMap((first) => names.filter((name) => name === first || name.startsWith(`${first}-`)));
}

type Controls = Pick<Platform, 'pids' | 'restarts' | 'ends' | 'logFile' | 'kill' | 'spec' | 'start' | 'hold' | 'release'>;

function controls(supervisor: Supervisor): Controls {
  return {
    spec: (name) => supervisor.spec(name),
    start: (spec) => supervisor.start(spec),
    hold: (name, signal) => supervisor.hold(name, signal),
    release: (name) => supervisor.release(name),
    pids: () => supervisor.pids(),
    restarts: () => supervisor.restarts(),
    ends: () => supervisor.ends(),
    logFile: (name) => supervisor.logFile(name),
    kill: (name, signal) => supervisor.kill(name, signal),
  };
}
