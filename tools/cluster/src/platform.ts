import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Cluster } from './cluster/cluster.ts';
import { isReady, type Kubectl, type Thing } from './cluster/kubectl.ts';
import { run } from './command.ts';

export const SERVICES = ['gateway', 'user', 'product', 'order', 'payment'] as const;
export const OVERLAY = fileURLToPath(new URL('../../../deploy/kubernetes/overlays/local', import.meta.url));
const IMAGES = [...SERVICES.map((name) => `emporium/${name}:dev`), 'emporium/stripe-simulator:dev', 'postgres:17', 'redis:7'];
const OF_SERVICES = '--selector=app.kubernetes.io/component=service';
const LOADED = 'emporium.example/images';

/** The local overlay on a cluster. */
export class Platform {
  readonly kubectl: Kubectl;
  private readonly cluster: Cluster;
  private readonly say: (line: string) => void;

  constructor(cluster: Cluster, say: (line: string) => void) {
    this.cluster = cluster;
    this.say = say;
    this.kubectl = cluster.kubectl;
  }

  /** What a person does: secrets, images, `kubectl apply -k`, waiting. Other images of the same tag mean new migrations and new pods. */
  async bringUp(): Promise<void> {
    await run(process.execPath, [`${OVERLAY}/make-secrets.mjs`]);
    const began = performance.now();
    const id = await this.cluster.load?.(IMAGES);
    if (id !== undefined) this.say(`images on all nodes (${seconds(began)})`);
    const before = (
      await this.kubectl.attempt([
        'get',
        'namespace',
        'emporium',
        `-o=jsonpath={.metadata.annotations.emporium\\.example/images}`,
      ])
    ).stdout;
    const isOther = before !== '' && id !== undefined && before !== id;
    if (isOther) await this.kubectl.run(['delete', 'jobs', '--all', '--wait=true']);
    await this.kubectl.run(['apply', '-k', OVERLAY]);
    if (isOther) await this.kubectl.run(['rollout', 'restart', 'deployment', OF_SERVICES]);
    if (id !== undefined) await this.kubectl.run(['annotate', '--overwrite', 'namespace', 'emporium', `${LOADED}=${id}`]);
    const applied = performance.now();
    await this.rolledOut(600);
    await this.kubectl.run(['wait', 'jobs', '--all', '--for=condition=Complete', '--timeout=300s']);
    this.say(`applied and ready (${seconds(applied)})`);
  }

  /** Every Deployment and StatefulSet is as its text says, with all pods ready. */
  async rolledOut(withinSeconds: number): Promise<void> {
    const things = [...(await this.names('statefulsets')), ...(await this.names('deployments'))];
    for (const thing of things) await this.kubectl.run(['rollout', 'status', thing, `--timeout=${withinSeconds}s`]);
  }

  /** New pods for all services, or for one, and the end of that. */
  async restart(service?: string): Promise<void> {
    await this.kubectl.run([
      'rollout',
      'restart',
      ...(service === undefined ? ['deployment', OF_SERVICES] : [`deployment/${service}`]),
    ]);
    await (service === undefined
      ? this.rolledOut(180)
      : this.kubectl.run(['rollout', 'status', `deployment/${service}`, '--timeout=180s']));
  }

  pods(service: string): Promise<Thing[]> {
    return this.kubectl.list('pods', `--selector=app.kubernetes.io/name=${service},app.kubernetes.io/component=service`);
  }

  async readyPods(service: string): Promise<number> {
    return (await this.pods(service)).filter(isReady).length;
  }

  /** Two of each and no more, so that an experiment has one cause. */
  holdAutoscalers = () => this.limitAutoscalers(2, 2);
  freeAutoscalers = () => this.limitAutoscalers(2, 4);

  /** Waits until two of each service are ready and none is on its way out. */
  async twoOfEach(withinMs = 180_000): Promise<void> {
    const end = Date.now() + withinMs;
    for (;;) {
      const pods = await this.kubectl.list('pods', OF_SERVICES);
      const ready = pods.filter(isReady);
      const isSo = SERVICES.every(
        (name) => ready.filter((pod) => pod.metadata.labels?.['app.kubernetes.io/name'] === name).length === 2,
      );
      if (isSo && ready.length === pods.length) return;
      if (Date.now() > end)
        throw new Error(`after ${withinMs / 1_000} s: ${pods.map(({ metadata }) => metadata.name).join(' ')}`);
      await sleep(1_000);
    }
  }

  private async limitAutoscalers(minReplicas: number, maxReplicas: number): Promise<void> {
    const patch = JSON.stringify({ spec: { minReplicas, maxReplicas } });
    for (const name of SERVICES) await this.kubectl.run(['patch', 'hpa', name, '--type=merge', '-p', patch]);
  }

  private async names(kind: string): Promise<string[]> {
    return (await this.kubectl.list(kind)).map(({ metadata }) => `${kind}/${metadata.name}`);
  }
}

const seconds = (began: number) => `${((performance.now() - began) / 1_000).toFixed(0)} s`;
