import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Platform, ProcessSpec } from '@emporium/local';
import { until } from '../schedule/pause.ts';
import { type ServiceName, serviceNames } from '../world/links.ts';
import type { WorldOptions } from '../world/world-options.ts';
import { Balancer } from './balancer.ts';

const addresses: Readonly<Record<string, ServiceName>> = {
  USER_SERVICE_URL: 'user',
  PRODUCT_SERVICE_URL: 'product',
  ORDER_SERVICE_URL: 'order',
  PAYMENT_SERVICE_URL: 'payment',
};

const PATIENCE_MS = 60_000;

/** Two processes of each service, with a balancer before each pair: services call each other through them, and so do customers. */
export class Replicas {
  /** Of the platform with the replicas. */
  readonly options: WorldOptions;
  readonly #balancers = new Map<ServiceName, Promise<Balancer>>();
  readonly #specs = new Map<string, { readonly service: ServiceName; readonly env: NodeJS.ProcessEnv }>();

  constructor(env: NodeJS.ProcessEnv = {}) {
    this.options = {
      links: 'none',
      env,
      adjust: (spec) => this.place(spec),
      furnish: (platform) => this.double(platform),
    };
  }

  /** All processes of services, first and second ones. */
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
    const service = serviceNames.find((name) => name === spec.name);
    if (service === undefined) return spec;
    const env = { ...spec.env };
    for (const [variable, to] of Object.entries(addresses)) {
      if (env[variable] !== undefined) env[variable] = (await this.balancerOf(to)).url;
    }
    await this.join(spec.name, service, env);
    return { ...spec, env };
  }

  private async double(platform: Platform): Promise<{ url: string; close: () => Promise<void> }> {
    const specs = await Promise.all(serviceNames.map((service) => this.secondOf(service, platform.spec(service))));
    await Promise.all(specs.map((spec) => platform.start(spec)));
    for (const name of this.names) {
      const isReady = () => this.isReady(name);
      if ((await until(isReady, { patienceMs: PATIENCE_MS })) === undefined) throw new Error(`${name} does not get ready.`);
    }
    return { url: (await this.balancerOf('gateway')).url, close: () => this.close(platform) };
  }

  private async secondOf(service: ServiceName, first: ProcessSpec): Promise<ProcessSpec> {
    const [port, managementPort] = await freePorts(2);
    const env = { ...first.env, PORT: String(port), MANAGEMENT_PORT: String(managementPort) };
    const name = `${service}-2`;
    await this.join(name, service, env);
    return { ...first, name, env, isReady: () => this.isReady(name) };
  }

  private async join(name: string, service: ServiceName, env: NodeJS.ProcessEnv): Promise<void> {
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

  /** All at once: one after the other would take as long as ten of them wait for balancers to notice. */
  private async close(platform: Platform): Promise<void> {
    for (const name of this.names) platform.hold(name, 'SIGTERM');
    const isRunning = () => this.names.some((name) => platform.pids()[name] !== undefined);
    await until(() => !isRunning(), { patienceMs: 20_000 });
    for (const balancer of this.#balancers.values()) await (await balancer).close();
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
