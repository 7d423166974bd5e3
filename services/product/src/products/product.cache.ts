import { createHash } from 'node:crypto';
import { Cache, type Found, Generation, LastGood, RecentChanges, type Redis } from '@emporium/redis';
import { CONFIG, LOGGER, REDIS } from '@emporium/service-defaults';
import type { Logger } from '@emporium/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import type { ProductConfig } from '../config.ts';
import { madeOnce } from './made-once.ts';
import type { Category, Product, ProductPage } from './product.ts';

type StoredProduct = Omit<Product, 'createdAt' | 'updatedAt'> & { createdAt: string; updatedAt: string };
type StoredPage = Omit<ProductPage, 'products'> & { products: StoredProduct[] };

/** Told whether what it loads changed so lately that a replica may not know it yet. */
type Load<T> = (changedLately: boolean) => Promise<T>;

type CacheSettings = Pick<ProductConfig, 'cacheTtlMs' | 'listTtlMs' | 'staleMs'> &
  Partial<Pick<ProductConfig, 'databaseReplicaUrl' | 'databaseReplicaMaxLagMs'>>;

// Counted up with every change of `Product`: it is the shape of what is stored.
const shape = 1;

// A product is about 1 KB and a list about 13 KB: 10 MB and 13 MB.
const mostProducts = 10_000;
const mostLists = 1_000;

/**
 * What people look at, kept in Redis: for seconds while the database answers, and as copies, shown with their age, for when it does not.
 * Nothing is decided by it. Whoever changes a product, its stock included, forgets it after the commit.
 */
@Injectable()
export class ProductCache {
  private readonly products: Cache;
  private readonly productCopies: LastGood;
  private readonly lists: Cache;
  private readonly listCopies: LastGood;
  private readonly listGeneration: Generation;
  /** What a replica may not know; undefined when there is none. */
  private readonly changes: RecentChanges | undefined;
  private readonly listTtlMs: number;

  constructor(
    @Inject(REDIS) redis: Redis,
    @Inject(LOGGER) logger: Logger,
    @Inject(CONFIG) private readonly settings: CacheSettings,
  ) {
    const product = { prefix: `product:${shape}`, name: 'product', logger };
    const list = { prefix: `product-list:${shape}`, name: 'product-list', logger };
    const keepMs = settings.staleMs;
    this.products = new Cache(redis, product);
    this.productCopies = new LastGood(redis, { ...product, keepMs, max: mostProducts });
    this.lists = new Cache(redis, list);
    this.listCopies = new LastGood(redis, { ...list, keepMs, max: mostLists });
    this.listGeneration = new Generation(redis, `${list.prefix}:generation`);

    const { databaseReplicaUrl, databaseReplicaMaxLagMs = 0 } = settings;
    const lagMs = databaseReplicaUrl === undefined ? 0 : databaseReplicaMaxLagMs;
    // Twice, so that it does not matter whose clock runs a little faster.
    if (lagMs > 0) this.changes = new RecentChanges(redis, { prefix: product.prefix, forMs: 2 * lagMs });
    // What comes from a replica has used up part of its time already.
    this.listTtlMs = Math.max(1, settings.listTtlMs - lagMs);
  }

  async find(id: string, load: Load<Product>): Promise<Found<Product>> {
    const key = id.toLowerCase();
    const { cacheTtlMs: ttlMs } = this.settings;
    const found = await this.productCopies.find<StoredProduct>(
      key,
      async () => toStored(await load(await this.isRecent(key))),
      (load) => this.products.getOrLoad(key, { ttlMs, load }),
    );
    return { ...found, value: fromStored(found.value) };
  }

  /** Units and prices in a list may be `PRODUCT_LIST_TTL_MS` old. `question` is all that the list depends on. */
  async findList(question: object, load: Load<ProductPage>): Promise<Found<ProductPage>> {
    const key = createHash('sha256').update(JSON.stringify(question)).digest('base64url');
    const generation = await this.listGeneration.current();
    const ttlMs = this.listTtlMs;
    const { value, ...found } = await this.listCopies.find<StoredPage>(
      key,
      async () => toStoredPage(await load(await this.isRecent('lists'))),
      (load) => this.lists.getOrLoad(`${generation}:${key}`, { ttlMs, jitter: 0, load }),
    );
    return { ...found, value: fromStoredPage(value) };
  }

  findCategories(load: Load<Category[]>): Promise<Found<Category[]>> {
    const { cacheTtlMs: ttlMs } = this.settings;
    return this.productCopies.find(
      'categories',
      async () => load(await this.isRecent('categories')),
      (load) => this.products.getOrLoad('categories', { ttlMs, load }),
    );
  }

  async forget(ids: readonly string[]): Promise<void> {
    const keys = ids.map((id) => id.toLowerCase());
    await Promise.all([this.note(...keys), this.products.invalidate(...keys)]);
  }

  /** Of a product that is no longer on sale: not even a copy is shown. */
  async forgetWholly(id: string): Promise<void> {
    await Promise.all([this.forget([id]), this.productCopies.forget(id.toLowerCase())]);
  }

  async forgetLists(): Promise<void> {
    await Promise.all([this.note('lists'), this.listGeneration.next()]);
  }

  async forgetCategories(): Promise<void> {
    await Promise.all([this.note('categories'), this.products.invalidate('categories')]);
  }

  private async note(...keys: string[]): Promise<void> {
    await this.changes?.note(...keys);
  }

  private async isRecent(key: string): Promise<boolean> {
    return (await this.changes?.has(key)) ?? false;
  }
}

const toStored = (product: Product): StoredProduct => ({
  ...product,
  createdAt: product.createdAt.toISOString(),
  updatedAt: product.updatedAt.toISOString(),
});

const fromStored = madeOnce(
  (stored: StoredProduct): Product => ({
    ...stored,
    createdAt: new Date(stored.createdAt),
    updatedAt: new Date(stored.updatedAt),
  }),
);

const fromStoredPage = madeOnce((page: StoredPage): ProductPage => ({ ...page, products: page.products.map(fromStored) }));

const toStoredPage = (page: ProductPage): StoredPage => ({ ...page, products: page.products.map(toStored) });
