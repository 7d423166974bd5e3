import { Cache, type Redis } from '@emporium/redis';
import { CONFIG, LOGGER, REDIS } from '@emporium/service-defaults';
import type { Logger } from '@emporium/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import type { ProductConfig } from '../config.ts';
import type { Category, Product } from './product.ts';

type StoredProduct = Omit<Product, 'createdAt' | 'updatedAt'> & { createdAt: string; updatedAt: string };

/** Products by id, kept in Redis. Whoever changes a product, its stock included, forgets it after the commit. */
@Injectable()
export class ProductCache {
  private readonly cache: Cache;
  private readonly ttlMs: number;

  constructor(
    @Inject(REDIS) redis: Redis,
    @Inject(LOGGER) logger: Logger,
    @Inject(CONFIG) { cacheTtlMs }: Pick<ProductConfig, 'cacheTtlMs'>,
  ) {
    this.ttlMs = cacheTtlMs;
    // The number is the shape of what is stored: count it up with every change of `Product`.
    this.cache = new Cache(redis, { prefix: 'product:1', name: 'product', logger });
  }

  async find(id: string, load: () => Promise<Product>): Promise<Product> {
    const stored = await this.cache.getOrLoad<StoredProduct>(id.toLowerCase(), {
      ttlMs: this.ttlMs,
      load: async () => toStored(await load()),
    });
    return { ...stored, createdAt: new Date(stored.createdAt), updatedAt: new Date(stored.updatedAt) };
  }

  async forget(ids: readonly string[]): Promise<void> {
    await this.cache.invalidate(...ids.map((id) => id.toLowerCase()));
  }

  findCategories(load: () => Promise<Category[]>): Promise<Category[]> {
    return this.cache.getOrLoad('categories', { ttlMs: this.ttlMs, load });
  }

  async forgetCategories(): Promise<void> {
    await this.cache.invalidate('categories');
  }
}

const toStored = (product: Product): StoredProduct => ({
  ...product,
  createdAt: product.createdAt.toISOString(),
  updatedAt: product.updatedAt.toISOString(),
});
