import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attempt, run } from '../command.ts';
import { type Cluster, NotRun } from './cluster.ts';
import { Kubectl } from './kubectl.ts';

const NODES = 3;

export interface TestClusterOptions {
  /** Folder with `up.sh`, `down.sh`, `in-node`, `load-image` and `node`. */
  readonly folder: string;
  readonly keep: boolean;
  readonly say: (line: string) => void;
}

/** Three nodes in three zones on this machine, each in namespaces of its own; brought up if they are not up already. */
export async function testCluster({ folder, keep, say }: TestClusterOptions): Promise<Cluster> {
  const script = (name: string) => join(folder, name);
  if (!existsSync(script('up.sh'))) throw new NotRun(`${folder} has no up.sh`);
  const env = { ...process.env, NODES: String(NODES) };
  const up = await attempt(script('up.sh'), [], { env, timeoutMs: 1_800_000 });
  const said = `${up.stdout}${up.stderr}`;
  const kubeconfig = /KUBECONFIG=(\S+)/.exec(up.stdout)?.[1];
  if (up.code !== 0 || kubeconfig === undefined)
    throw new NotRun(`the test cluster does not come up: ${said.trim().slice(-500)}`);
  const wasUp = up.stdout.includes('already up');
  say(up.stdout.trim().split('\n').at(-1) ?? '');
  const kubectl = new Kubectl(kubeconfig);
  const numberOf = (node: string) => /-(\d+)$/.exec(node)?.[1] ?? '1';

  return {
    name: `test cluster, ${NODES} nodes in ${NODES} zones`,
    kubectl,
    inside: (command) => [script('in-node'), ...command],
    gateway: async () => `http://${(await kubectl.get('service', 'gateway')).spec.clusterIP}:8080`,
    load: (images) => load(images, script('load-image')),
    workers: async () =>
      (await kubectl.list('nodes')).map(({ metadata }) => metadata.name).filter((name) => numberOf(name) !== '1'),
    power: {
      off: async (node) => void (await run(script('node'), ['stop', numberOf(node)], { env })),
      on: async (node) => void (await run(script('node'), ['start', numberOf(node)], { env })),
    },
    addCustomMetrics: async (rules) => {
      await run(script('addons/prometheus.sh'), [], { env });
      await run(script('addons/custom-metrics.sh'), [], { env: { ...env, RULES: rules } });
    },
    close: async () => {
      if (keep || wasUp) say(`the cluster goes on running: export KUBECONFIG=${kubeconfig}`);
      else await run(script('down.sh'), [], { env });
    },
  };
}

/** One archive for all images, because they share layers; named after what is in it, so that it is made and loaded once. */
async function load(images: readonly string[], loadImage: string): Promise<string> {
  const ids = (await run('docker', ['image', 'inspect', '--format', '{{.Id}}', ...images])).trim();
  const id = createHash('sha256')
    .update([...images, ids].join('\n'))
    .digest('hex')
    .slice(0, 16);
  const folder = join(tmpdir(), 'emporium-images');
  mkdirSync(folder, { recursive: true });
  const archive = join(folder, `${id}.tar`);
  if (!existsSync(archive)) {
    await run('docker', ['save', '--output', `${archive}.unfinished`, ...images]);
    renameSync(`${archive}.unfinished`, archive);
  }
  await run(loadImage, [archive], { timeoutMs: 900_000 });
  return id;
}
