import { randomUUID } from 'node:crypto';
import type { Person } from '../people/person.ts';
import { insist } from '../shop/insist.ts';
import type { Shop } from '../shop/shop.ts';

/** What the suite has put on sale. */
export class Goods {
  /** Units supplied, by product. */
  readonly put = new Map<string, number>();
  #category: string | undefined;

  constructor(
    private readonly shop: Shop,
    private readonly admin: Person,
  ) {}

  /** A new product with so many units. Throws when the platform does not take it: set up before the fault, not during it. */
  async add(units: number, price = 1_299): Promise<string> {
    this.#category ??= await this.anyCategory();
    const category = this.#category;
    const { id } = await insist<{ id: string }>(this.shop, 201, () => {
      const sku = `CHAOS-${randomUUID()}`;
      const body = {
        sku,
        name: `Piece ${sku.slice(-6)}`,
        description: 'Made by the fault suite.',
        category,
        price: { amount: price, currency: 'EUR' },
        initialStock: units,
      };
      return { method: 'POST', path: '/v1/products', as: this.admin, body };
    });
    this.put.set(id, units);
    return id;
  }

  /** Some of the seeded catalogue, to browse. */
  async catalogue(count = 100): Promise<string[]> {
    const { items } = await insist<Items>(this.shop, 200, () => ({ method: 'GET', path: `/v1/products?limit=${count}` }));
    return items.map(({ id }) => id);
  }

  private async anyCategory(): Promise<string> {
    const { items } = await insist<Items>(this.shop, 200, () => ({ method: 'GET', path: '/v1/categories' }));
    const slug = items[0]?.slug;
    if (slug === undefined) throw new Error('The shop has no categories.');
    return slug;
  }
}

interface Items {
  readonly items: readonly { readonly id: string; readonly slug: string }[];
}
