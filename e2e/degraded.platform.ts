import { type Platform, type ProcessSpec, startPlatform, temporaryFolder } from '@emporium/local';
import { closeRedis, connectRedis, type Redis, redisReady } from '@emporium/redis';
import { type TcpProxy, tcpProxy } from '@emporium/testing/tcp-proxy';
import { Provider } from './books.ts';
import { ShopClient } from './shop.client.ts';

/** What can be taken away from the services that depend on it. */
export type Dependency = `${'user' | 'product' | 'order' | 'payment'} ${'database' | 'service'}` | 'Redis' | 'payment provider';

/**
 * `down` refuses connections, `hanging` accepts them and says nothing, `slow` answers two seconds late. A service can be `killed`, and
 * Redis `full` or `flushed`.
 */
export type Trouble = 'down' | 'slow' | 'hanging' | 'killed' | 'full' | 'flushed';

const variables: Readonly<Record<string, Dependency>> = {
  REDIS_URL: 'Redis',
  USER_SERVICE_URL: 'user service',
  PRODUCT_SERVICE_URL: 'product service',
  ORDER_SERVICE_URL: 'order service',
  PAYMENT_SERVICE_URL: 'payment service',
  PAYMENT_PROVIDER_URL: 'payment provider',
};

/** A platform of its own, with a proxy before everything that a service depends on. */
export class DegradedPlatform {
  readonly provider: Provider;
  readonly anyone: ShopClient;

  private constructor(
    readonly platform: Platform,
    private readonly proxies: ReadonlyMap<Dependency, TcpProxy[]>,
    /** Past the proxies. */
    private readonly redis: Redis,
    private readonly removeFolder: () => Promise<void>,
  ) {
    this.provider = new Provider(platform.urls.simulator);
    this.anyone = new ShopClient(platform.urls.gateway);
  }

  static async start(env: NodeJS.ProcessEnv): Promise<DegradedPlatform> {
    const folder = await temporaryFolder('degraded');
    const proxies = new Map<Dependency, TcpProxy[]>();
    const adjust = async (spec: ProcessSpec): Promise<ProcessSpec> => {
      const adjusted = { ...spec.env };
      for (const [variable, dependency] of dependenciesOf(spec)) {
        const proxy = await tcpProxy(spec.env[variable] as string);
        proxies.set(dependency, [...(proxies.get(dependency) ?? []), proxy]);
        // A URL ends every address with a slash, and services refuse some that do.
        adjusted[variable] = proxy.url.replace(/\/$/, '');
      }
      return { ...spec, env: adjusted };
    };
    const platform = await startPlatform({ dataDir: folder.path, ports: 'free', durable: false, quiet: true, env, adjust });
    const redis = connectRedis({ url: platform.urls.redis, name: 'spec' });
    await redisReady(redis, 5_000);
    return new DegradedPlatform(platform, proxies, redis, folder.remove);
  }

  async hurt(dependency: Dependency, trouble: Trouble): Promise<void> {
    if (trouble === 'killed') return this.platform.hold(serviceOf(dependency));
    if (trouble === 'full') return void (await this.redis.config('SET', 'maxmemory', '1'));
    if (trouble === 'flushed') return void (await this.redis.flushall());
    const proxies = this.proxies.get(dependency) ?? [];
    if (proxies.length === 0) throw new Error(`Nothing depends on ${dependency}.`);
    for (const proxy of proxies) {
      if (trouble === 'down') proxy.cut();
      else if (trouble === 'hanging') proxy.hang();
      else proxy.slow(1_000); // in both directions
    }
  }

  async heal(dependency: Dependency, trouble: Trouble): Promise<void> {
    if (trouble === 'killed') this.platform.release(serviceOf(dependency));
    else await this.healAll();
  }

  /** All but what is killed. */
  async healAll(): Promise<void> {
    await this.redis.config('SET', 'maxmemory', '0');
    for (const proxy of [...this.proxies.values()].flat()) if (proxy.mode !== 'pass') proxy.resume();
  }

  async stop(): Promise<void> {
    closeRedis(this.redis);
    await this.platform.stop();
    await Promise.all([...this.proxies.values()].flat().map((proxy) => proxy.close()));
    await this.removeFolder();
  }
}

const serviceOf = (dependency: Dependency): string => dependency.replace(' service', '');

function dependenciesOf({ name, env }: ProcessSpec): [variable: string, dependency: Dependency][] {
  const database = [['DATABASE_URL', `${name} database` as Dependency]] as const;
  return [...Object.entries(variables), ...database].flatMap(([variable, dependency]) =>
    env[variable] === undefined || name === 'simulator' ? [] : [[variable, dependency]],
  );
}
