import { setTimeout as delay } from 'node:timers/promises';
import type { Platform, PlatformOptions } from '../platform.ts';
import { freePorts } from '../ports.ts';
import { SERVICES } from '../ports-of-platform.ts';
import type { ProcessSpec } from '../process-spec.ts';
import { Balancer } from './balancer.ts';

type ServiceName = (typeof SERVICES)[number];

const addresses: Readonly<Record<string, ServiceName>> = {
  USER_SERVICE_URL: 'user',
  PRODUCT_SERVICE_URL: 'product',
  ORDER_SERVICE_URL: 'order',
  PAYMENT_SERVICE_URL: 'payment',
};

const START_PATIENCE_MS = 60_000;
const STOP_PATIENCE_MS = 20_000;

/** Several processes of each service, with a balancer before those of one: services call each other through them, and so do customers. */
export class Replicas {
  readonly #balancers = new Map<ServiceName, Promise<Balancer>>();
  readonly #specs = new Map<string, { readonly service: ServiceName; readonly env: NodeJS.ProcessEnv }>();

  /** `count` of each. */
  constructor(private readonly count = 2) {}

  /** For `startPlatform`: the first of each service, which calls the others through their balancers. */
  readonly adjust: NonNullable<PlatformOptions['adjust']> = (spec) => this.place(spec);

  /** Starts the others of each service. Returns the address of the balancer before the gateways when all of them get connections. */
  async join(platform: Platform): Promise<string> {
    const specs = await Promise.all(SERVICES.map((service) => this.othersOf(service, platform.spec(service))));
    await Promise.all(specs.flat().map((spec) => platform.start(spec)));
    for (const name of this.names) {
      if (!(await until(() => this.isReady(name), START_PATIENCE_MS))) throw new Error(`${name} does not get ready.`);
    }
    return (await this.balancerOf('gateway')).url;
  }

  /** Ends the services, all at once: one after the other would take as long as ten of them wait for balancers to notice. */
  async close(platform: Platform): Promise<void> {
    for (const name of this.names) platform.hold(name, 'SIGTERM');
    await until(() => this.names.every((name) => platform.pids()[name] === undefined), STOP_PATIENCE_MS);
    for (const balancer of this.#balancers.values()) await (await balancer).close();
  }

  /** All processes of services, the first of each and the others. */
  get names(): string[] {
    return [...this.#specs.keys()];
  }

  /** Whether the balancer gives it new connections. */
  async isReady(name: string): Promise<boolean> {
    const balancer = await this.balancerOf(this.specOf(name).service);
    return balancer.counts.backends[name]?.ready ?? false;
  }

  /** Connections that no replica wanted, of all balancers together. */
  async turnedAway(): Promise<number> {
    const balancers = await Promise.all(this.#balancers.values());
    return balancers.reduce((sum, { counts }) => sum + counts.turnedAway, 0);
  }

  /** Requests a process has answered since its start, probes left out. */
  async served(name: string): Promise<number> {
    const answer = await fetch(`http://127.0.0.1:${this.specOf(name).env.MANAGEMENT_PORT}/metrics`);
    const counts = [...(await answer.text()).matchAll(/^emporium_http_requests_total\{(.*)\} (\d+)$/gm)];
    return counts
      .filter(([, labels = '']) => !/route="\/(health|ready)/.test(labels))
      .reduce((sum, [, , count]) => sum + Number(count), 0);
  }

  private async place(spec: ProcessSpec): Promise<ProcessSpec> {
    const service = SERVICES.find((name) => name === spec.name);
    if (service === undefined) return spec;
    const env = { ...spec.env };
    for (const [variable, to] of Object.entries(addresses)) {
      if (env[variable] !== undefined) env[variable] = (await this.balancerOf(to)).url;
    }
    await this.enlist(spec.name, service, env);
    return { ...spec, env };
  }

  private async othersOf(service: ServiceName, first: ProcessSpec): Promise<ProcessSpec[]> {
    const others = Array.from({ length: this.count - 1 }, (_, index) => `${service}-${index + 2}`);
    return Promise.all(
      others.map(async (name) => {
        const [port, managementPort] = await freePorts(2);
        const env = { ...first.env, PORT: String(port), MANAGEMENT_PORT: String(managementPort) };
        await this.enlist(name, service, env);
        return { ...first, name, env, isReady: () => this.isReady(name) };
      }),
    );
  }

  private async enlist(name: string, service: ServiceName, env: NodeJS.ProcessEnv): Promise<void> {
    this.#specs.set(name, { service, env });
    await (await this.balancerOf(service)).add(name, `http://127.0.0.1:${env.PORT}`);
  }

  private balancerOf(service: ServiceName): Promise<Balancer> {
    const known = this.#balancers.get(service);
    if (known !== undefined) return known;
    const made = Balancer.listen();
    this.#balancers.set(service, made);
    return made;
  }

  private specOf(name: string) {
    const spec = this.#specs.get(name);
    if (spec === undefined) throw new Error(`There is no replica ${name}.`);
    return spec;
  }
}

async function until(isSo: () => boolean | Promise<boolean>, patienceMs: number): Promise<boolean> {
  const end = performance.now() + patienceMs;
  while (!(await isSo())) {
    if (performance.now() > end) return false;
    await delay(100);
  }
  return true;
}
