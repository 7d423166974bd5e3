import type { ProcessSpec } from '@emporium/local';
import { type TcpProxy, tcpProxy } from '@emporium/testing/tcp-proxy';

export const serviceNames = ['gateway', 'user', 'product', 'order', 'payment'] as const;
export type ServiceName = (typeof serviceNames)[number];

export type LinkTarget = ServiceName | 'postgres' | 'redis' | 'provider';

/** Where a service learns the address of what it depends on. */
const addresses: Readonly<Record<string, LinkTarget>> = {
  DATABASE_URL: 'postgres',
  REDIS_URL: 'redis',
  USER_SERVICE_URL: 'user',
  PRODUCT_SERVICE_URL: 'product',
  ORDER_SERVICE_URL: 'order',
  PAYMENT_SERVICE_URL: 'payment',
  PAYMENT_PROVIDER_URL: 'provider',
};

interface Link {
  readonly from: string;
  readonly to: LinkTarget;
  readonly proxy: TcpProxy;
}

/** What can be done to some of the links at once. */
export type Links = Pick<TcpProxy, 'hang' | 'cut' | 'slow' | 'resume'> & { readonly count: number };

/** A proxy on each way between two processes of the platform, so that a server can be taken away from one caller or from all. */
export class LinkTable {
  readonly #links: Link[] = [];

  /** Puts proxies before everything the service knows an address of; itself excepted. */
  adjust = async (spec: ProcessSpec): Promise<ProcessSpec> => {
    const env = { ...spec.env };
    for (const [variable, to] of Object.entries(addresses)) {
      const address = env[variable];
      if (address !== undefined && to !== spec.name)
        env[variable] = withoutSlash(await this.#add(spec.name, to, address), address);
    }
    return { ...spec, env };
  };

  /** The links from one, to one, or both. Throws when there are none: a fault that hits nothing proves nothing. */
  between(wanted: { readonly from?: string; readonly to?: LinkTarget }): Links {
    const found = this.#links.filter(({ from, to }) => from === (wanted.from ?? from) && to === (wanted.to ?? to));
    if (found.length === 0) throw new Error(`There is no link ${wanted.from ?? '*'} → ${wanted.to ?? '*'}.`);
    const all = (work: (proxy: TcpProxy) => void) => () => {
      for (const { proxy } of found) work(proxy);
    };
    return {
      count: found.length,
      hang: all((proxy) => proxy.hang()),
      cut: all((proxy) => proxy.cut()),
      resume: all((proxy) => proxy.resume()),
      slow: (milliseconds) => all((proxy) => proxy.slow(milliseconds))(),
    };
  }

  /** Ends every fault; connections of links that were whole stay. */
  heal(): void {
    for (const { proxy } of this.#links) if (proxy.mode !== 'pass') proxy.resume();
  }

  async close(): Promise<void> {
    await Promise.all(this.#links.map(({ proxy }) => proxy.close()));
  }

  async #add(from: string, to: LinkTarget, address: string): Promise<string> {
    const proxy = await tcpProxy(address);
    this.#links.push({ from, to, proxy });
    return proxy.url;
  }
}

/** `URL` ends every address with a slash; services refuse some that do. */
const withoutSlash = (made: string, given: string) => (given.endsWith('/') ? made : made.replace(/\/$/, ''));
