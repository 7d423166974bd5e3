import { randomUUID } from 'node:crypto';
import { isUniqueViolation, Postgres, type Reader, Replica, type Transaction } from '@emporium/postgres';
import type { Found } from '@emporium/redis';
import { CONFIG } from '@emporium/service-defaults';
import { Inject, Injectable } from '@nestjs/common';
import type { ProductConfig } from '../config.ts';
import { StockService } from '../stock/stock.service.ts';
import { ProductCache } from './product.cache.ts';
import { currencyNotSold, productChanged, productNotFound, productsUnknown, skuTaken } from './product.errors.ts';
import { ProductRepository } from './product.repository.ts';
import { categoryName, type NewProduct, type Product, type ProductChange, type QuotedLine } from './product.ts';

/** Versions of a product that a change may be made to; left out: any. */
type Expected = readonly number[] | undefined;

@Injectable()
export class ProductService {
  constructor(
    private readonly postgres: Postgres,
    private readonly replica: Replica,
    private readonly products: ProductRepository,
    private readonly stock: StockService,
    private readonly cache: ProductCache,
    @Inject(CONFIG) private readonly settings: Pick<ProductConfig, 'currency'>,
  ) {}

  /** For people to look at: it may come from a cache, or be an old copy while the database is away. */
  read(id: string): Promise<Found<Product>> {
    return this.cache.find(id, (changed) => this.require(changed ? this.postgres : this.replica, id));
  }

  /** Today's prices, straight from the database: an order must not be priced from a cache. */
  async quote(items: readonly { productId: string; quantity: number }[]): Promise<QuotedLine[]> {
    const products = await this.products.findMany(this.postgres, [...new Set(items.map((item) => item.productId))]);
    const byId = new Map(products.map((product) => [product.id, product]));
    const lines = items.map(({ productId, quantity }) => {
      const product = byId.get(productId.toLowerCase());
      return product && { productId: product.id, name: product.name, quantity, unitPrice: product.price };
    });

    const unknown = lines.flatMap((line, index) => (line === undefined ? [index] : []));
    if (unknown.length > 0) {
      throw productsUnknown(unknown.map((index) => ({ field: `items.${index}.productId`, message: 'is not on sale' })));
    }
    return lines.filter((line) => line !== undefined);
  }

  async create(draft: Omit<NewProduct, 'id'>, initialStock: number, createdBy: string): Promise<Product> {
    this.requireCurrency(draft);
    const product = { ...draft, id: randomUUID() };
    try {
      const created = await this.postgres.transaction(async (tx) => {
        await this.products.openCategory(tx, product.category, categoryName(product.category));
        await this.products.insert(tx, product);
        await this.stock.open(tx, {
          productId: product.id,
          quantity: initialStock,
          reason: 'Initial stock',
          movedBy: createdBy,
        });
        return this.require(tx, product.id);
      });
      await Promise.all([this.cache.forget([created.id]), this.forgetShelves()]);
      return created;
    } catch (error) {
      if (isUniqueViolation(error, 'products_sku_key')) throw skuTaken(product.sku);
      throw error;
    }
  }

  async update(id: string, change: ProductChange, expected: Expected): Promise<Product> {
    this.requireCurrency(change);
    const product = await this.postgres.transaction(async (tx) => {
      if (change.category !== undefined) await this.products.openCategory(tx, change.category, categoryName(change.category));
      if (!(await this.products.update(tx, id, change, expected))) await this.explain(tx, id);
      return this.require(tx, id);
    });
    await this.cache.forget([id]);
    await this.cache.forgetLists();
    if (change.category !== undefined) await this.cache.forgetCategories();
    return product;
  }

  async withdraw(id: string, expected: Expected): Promise<void> {
    await this.postgres.transaction(async (tx) => {
      if (!(await this.products.withdraw(tx, id, expected))) await this.explain(tx, id);
    });
    await this.cache.forgetWholly(id);
    await this.forgetShelves();
  }

  private async forgetShelves(): Promise<void> {
    await Promise.all([this.cache.forgetLists(), this.cache.forgetCategories()]);
  }

  private async explain(tx: Transaction, id: string): Promise<never> {
    await this.require(tx, id);
    throw productChanged(id);
  }

  private async require(db: Reader, id: string): Promise<Product> {
    const product = await this.products.find(db, id);
    if (product === undefined) throw productNotFound(id);
    return product;
  }

  private requireCurrency({ price }: ProductChange): void {
    if (price !== undefined && price.currency !== this.settings.currency) throw currencyNotSold(this.settings.currency);
  }
}
